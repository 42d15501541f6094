import { DateText } from '#components/ui/date-text';
import { Panel } from '#components/ui/panel';
import { SubmitButton } from '#components/ui/submit-button';
import type { SessionLine } from '#lib/auth/sessions';
import { endAllSessionsAction, endSessionAction } from './_actions.ts';

type SessionListProps = { sessions: readonly SessionLine[]; currentId: string; now: Date };

/** Where the user is signed in. The list is never empty: this device is in it. */
export function SessionList({ sessions, currentId, now }: SessionListProps) {
  return (
    <Panel>
      <ul className="divide-y divide-line">
        {sessions.map((session) => (
          <li key={session.id} className="flex flex-wrap items-center justify-between gap-4 py-4 first:pt-0">
            <Facts session={session} isCurrent={session.id === currentId} now={now} />
            {session.id === currentId ? null : (
              <form action={endSessionAction.bind(null, session.id)}>
                <SubmitButton variant="secondary" size="sm" pendingLabel="Signing out…">
                  Sign out<span className="sr-only"> of {nameOf(session)}</span>
                </SubmitButton>
              </form>
            )}
          </li>
        ))}
      </ul>
      <form action={endAllSessionsAction} className="border-line border-t pt-5">
        <SubmitButton variant="secondary" pendingLabel="Signing out…">
          Sign out everywhere
        </SubmitButton>
        <p className="mt-2 text-sm text-soft">This device too. You can sign in again at any time.</p>
      </form>
    </Panel>
  );
}

function Facts({ session, isCurrent, now }: { session: SessionLine; isCurrent: boolean; now: Date }) {
  return (
    <div>
      <p className="font-semibold">
        {nameOf(session)}
        {isCurrent ? <span className="font-normal text-soft"> (this device)</span> : null}
      </p>
      <p className="text-sm text-soft">
        Signed in <DateText at={session.createdAt} now={now} />, last used{' '}
        <DateText at={session.lastUsedAt} now={now} style="ago" />
      </p>
      {session.isIncomplete ? <p className="text-sm text-soft">Waiting for a passkey</p> : null}
      {session.network === null ? null : <p className="text-sm text-soft">From the network {session.network}</p>}
    </div>
  );
}

function nameOf({ device }: SessionLine): string {
  return device ?? 'Unknown device';
}
