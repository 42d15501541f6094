import { DateText } from '#components/ui/date-text';
import { Panel } from '#components/ui/panel';
import { TextLink } from '#components/ui/text-link';
import type { PasskeyLine } from '#lib/auth/passkeys/passkeys';

type PasskeyListProps = { passkeys: readonly PasskeyLine[]; now: Date };

export function PasskeyList({ passkeys, now }: PasskeyListProps) {
  if (passkeys.length === 0) {
    return (
      <Panel tone="sunken">
        <p>You have no passkeys. Signing in needs only your email.</p>
      </Panel>
    );
  }
  return (
    <Panel>
      <ul className="divide-y divide-line">
        {passkeys.map(({ id, name, createdAt, lastUsedAt }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-4 py-4 first:pt-0 last:pb-0">
            <div className="min-w-0">
              <p className="break-words font-semibold">{name}</p>
              <p className="text-sm text-soft">
                Added <DateText at={createdAt} now={now} />,{' '}
                {lastUsedAt === null ? (
                  'not used yet'
                ) : (
                  <>
                    last used <DateText at={lastUsedAt} now={now} style="ago" />
                  </>
                )}
              </p>
            </div>
            <TextLink href={`/account/security/${id}`} kind="standalone">
              Rename or remove<span className="sr-only"> {name}</span>
            </TextLink>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
