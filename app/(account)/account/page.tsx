import type { Metadata } from 'next';
import { LinkButton } from '#components/ui/link-button';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { Panel } from '#components/ui/panel';
import { Section } from '#components/ui/section';
import { SubmitButton } from '#components/ui/submit-button';
import { Switch } from '#components/ui/switch';
import { personContext, requireUser } from '#lib/auth/current-user';
import { listSessions } from '#lib/auth/sessions';
import { getPreferences } from '#lib/connections/preferences';
import { saveRemindersAction } from './_actions.ts';
import { SessionList } from './_session-list.tsx';

export const metadata: Metadata = { title: 'Your account' };

export default async function AccountPage({ searchParams }: { searchParams: Promise<{ saved?: string | string[] }> }) {
  const ctx = await personContext('/account');
  const { sessionId } = await requireUser('/account');
  const { email, wantsReminders } = await getPreferences(ctx);
  const sessions = await listSessions(ctx);
  const { saved } = await searchParams;
  return (
    <>
      <PageHeader title="Your account" lead={email} />
      <div className="max-w-narrow space-y-12">
        {saved === 'session' ? <Notice tone="good" title="Signed out of that device" role="status" /> : null}
        {saved !== 'reminders' ? null : (
          <Notice tone="good" title="Saved" role="status">
            {wantsReminders ? 'We remind you before a permission ends.' : 'We send you no reminders any more.'}
          </Notice>
        )}
        {saved !== 'email' ? null : (
          <Notice tone="good" title="Your email address was changed" role="status">
            Sign-in links and reminders now go to {email}. Your other devices were signed out.
          </Notice>
        )}
        <Section id="email" title="Email address" lead={`You sign in with ${email}, and reminders go there.`}>
          <LinkButton href="/account/email" variant="secondary">
            Change email address
          </LinkButton>
        </Section>
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
          id="security"
          title="Passkeys"
          lead="Protect your account with your fingerprint, face or device PIN as a second step when you sign in."
        >
          <LinkButton href="/account/security" variant="secondary">
            Manage passkeys
          </LinkButton>
        </Section>
        <Section
          id="sessions"
          title="Where you are signed in"
          lead="Sign out of a device that you don’t use any more or don’t recognise."
        >
          {/* Sessions live on the machine's clock, not on the page's. */}
          <SessionList sessions={sessions} currentId={sessionId} now={new Date()} />
        </Section>
        <Section
          id="copy"
          title="A copy of your data"
          lead="One file with everything that we hold about you: what you shared and agreed to, accounts, balances, transactions and notes."
        >
          <LinkButton href="/account/export" variant="secondary" isPlain>
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
