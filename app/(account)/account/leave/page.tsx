import type { Metadata } from 'next';
import { Checkbox } from '#components/ui/checkbox';
import { ConfirmForm } from '#components/ui/confirm-form';
import { LinkButton } from '#components/ui/link-button';
import { PageHeader } from '#components/ui/page-header';
import { Panel } from '#components/ui/panel';
import { personContext } from '#lib/auth/current-user';
import { requireFreshSignIn } from '#lib/auth/fresh-sign-in';
import { getPreferences } from '#lib/connections/preferences';
import { toCount } from '#lib/format/count';
import { leaveAction } from './_actions.ts';

export const metadata: Metadata = { title: 'Leave' };

export default async function LeavePage({ searchParams }: { searchParams: Promise<{ problem?: string | string[] }> }) {
  const ctx = await personContext('/account/leave');
  await requireFreshSignIn('/account/leave');
  const { connections } = await getPreferences(ctx);
  const { problem } = await searchParams;
  return (
    <>
      <PageHeader title="Leave" back={{ href: '/account', label: 'Your account' }} />
      <div className="max-w-narrow space-y-8">
        <Panel labelledBy="copy-title">
          <h2 id="copy-title" className="font-semibold text-lg">
            First save a copy, if you want one
          </h2>
          <p className="mt-1 mb-4">Afterwards there is nothing left to save.</p>
          <LinkButton href="/account/export" variant="secondary" isPlain>
            Save my data
          </LinkButton>
        </Panel>
        <div>
          <h2 className="font-semibold text-lg">What happens</h2>
          <ul className="mt-3 list-disc space-y-2 pl-5">
            <li>
              {connections === 0
                ? 'No bank is linked, so none has to be told.'
                : `Sharing with ${toCount(connections, 'bank')} stops at once. TrueLayer is told to end its access, and the keys to your data are destroyed.`}
            </li>
            <li>Everything is erased: accounts, transactions, notes, what you agreed to, and your e-mail address.</li>
            <li>You are signed out everywhere. It can’t be undone; you may come back as somebody new.</li>
            <li>What stays is a list of what was done when. It names you by a number that leads to nobody.</li>
          </ul>
        </div>
        <ConfirmForm
          action={leaveAction}
          confirmLabel="Leave and erase everything"
          pendingLabel="Leaving…"
          variant="danger"
          cancel={{ href: '/account', label: 'Stay' }}
        >
          <Checkbox
            id="sure"
            name="sure"
            isRequired
            label="Yes, erase everything and close my account"
            error={problem === undefined ? undefined : 'Tick this if you are sure.'}
          />
        </ConfirmForm>
      </div>
    </>
  );
}
