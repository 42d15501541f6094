import { DateText } from '#components/ui/date-text';
import { Panel } from '#components/ui/panel';
import { SubmitButton } from '#components/ui/submit-button';

export type SupportAccessLine = {
  id: string;
  reason: string;
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
};

type SupportAccessProps = {
  grants: readonly SupportAccessLine[];
  now: Date;
  endAction: (grantId: string, data: FormData) => Promise<void>;
};

/** Who beside the person may see the transactions just now, why and until when, and an end to it. */
export function SupportAccess({ grants, now, endAction }: SupportAccessProps) {
  return (
    <Panel>
      <ul className="-my-4 divide-y divide-line">
        {grants.map((grant) => (
          <li key={grant.id} className="flex flex-wrap items-center justify-between gap-4 py-4">
            <div className="max-w-prose">
              <p className="font-medium">
                One person of our support team, until <DateText at={grant.expiresAt} now={now} />
              </p>
              <p className="text-soft">The reason they gave: {grant.reason}</p>
              <p className="text-sm text-soft">
                {grant.lastUsedAt === null ? (
                  'They haven’t looked yet.'
                ) : (
                  <>
                    They looked <DateText at={grant.lastUsedAt} now={now} style="ago" />.
                  </>
                )}
              </p>
            </div>
            <form action={endAction.bind(null, grant.id)}>
              <SubmitButton pendingLabel="Ending…" variant="secondary" size="sm">
                End it now
              </SubmitButton>
            </form>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
