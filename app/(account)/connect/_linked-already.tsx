import { LinkButton } from '#components/ui/link-button';
import { Panel } from '#components/ui/panel';
import type { LinkedLogin } from '#lib/connections/list-known-banks';
import { toFullDay, toLondonDay } from '#lib/format/day';

type LinkedAlreadyProps = { bank: { id: string; name: string }; logins: readonly LinkedLogin[] };

/** Before a bank is linked a second time: what is meant, the same login again or another one? */
export function LinkedAlready({ bank, logins }: LinkedAlreadyProps) {
  return (
    <div className="space-y-6">
      {logins.map((login) => (
        <Panel key={login.connectionId}>
          <h2 className="font-semibold text-lg">Keep sharing what is linked</h2>
          <p className="mt-1 max-w-prose text-soft">
            Linked on {toFullDay(toLondonDay(login.connectedAt))}
            {login.accounts.length === 0 ? '' : `: ${login.accounts.join(', ')}`}. Renewing keeps its history and asks
            for no second permission.
          </p>
          <div className="mt-5 flex flex-wrap gap-3">
            <LinkButton href={`/connections/${login.connectionId}/reconfirm`}>Renew this one</LinkButton>
            <LinkButton href={`/connections/${login.connectionId}`} variant="secondary">
              See what is shared
            </LinkButton>
          </div>
        </Panel>
      ))}
      <Panel>
        <h2 className="font-semibold text-lg">Link another login</h2>
        <p className="mt-1 max-w-prose text-soft">
          A business account, a joint account with its own login, or accounts that you didn’t choose the first time. If
          it turns out to be the same login, we notice and nothing doubles.
        </p>
        <div className="mt-5">
          <LinkButton href={`/connect/${encodeURIComponent(bank.id)}?login=another`} variant="secondary">
            Go on with a different login
          </LinkButton>
        </div>
      </Panel>
    </div>
  );
}
