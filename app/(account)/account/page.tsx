import type { Metadata } from 'next';
import { LinkButton } from '#components/ui/link-button';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { Panel } from '#components/ui/panel';
import { Section } from '#components/ui/section';
import { SubmitButton } from '#components/ui/submit-button';
import { Switch } from '#components/ui/switch';
import { personContext } from '#lib/auth/current-user';
import { getPreferences } from '#lib/connections/preferences';
import { saveRemindersAction } from './_actions.ts';

export const metadata: Metadata = { title: 'Your account' };

export default async function AccountPage({ searchParams }: { searchParams: Promise<{ saved?: string | string[] }> }) {
  const ctx = await personContext('/account');
  const { email, wantsReminders } = await getPreferences(ctx);
  const { saved } = await searchParams;
  return (
    <>
      <PageHeader title="Your account" lead={email} />
      <div className="max-w-narrow space-y-12">
        {saved === undefined ? null : (
          <Notice tone="good" title="Saved" role="status">
            {wantsReminders ? 'We remind you before a permission ends.' : 'We send you no reminders any more.'}
          </Notice>
        )}
        <Section id="reminders" title="Reminders">
          <Panel>
            <form action={saveRemindersAction} className="space-y-5">
              <Switch
                id="wants-reminders"
                name="wants-reminders"
                label="E-mail me before a permission ends"
                hint="14, 7, 3 and 1 days before, and on the last day; none once you have answered. Without them the end still shows on every page here."
                isOn={wantsReminders}
              />
              <SubmitButton pendingLabel="Saving…" variant="secondary">
                Save
              </SubmitButton>
            </form>
          </Panel>
        </Section>
        <Section
          id="copy"
          title="A copy of your data"
          lead="One file with everything that we hold about you: what you shared and agreed to, accounts, balances, transactions and notes."
        >
          <LinkButton href="/account/export" variant="secondary" isDownload>
            Save my data
          </LinkButton>
        </Section>
        <Section
          id="leave"
          title="Leave"
          lead="Stops sharing with every bank, erases everything, and closes your account. You see exactly what happens before you decide."
        >
          <LinkButton href="/account/leave" variant="secondary">
            Leave…
          </LinkButton>
        </Section>
      </div>
    </>
  );
}
