import { LinkButton } from '#components/ui/link-button';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { Section } from '#components/ui/section';
import type { ConnectionDetail } from '#lib/connections/get-connection';
import type { DueConsent } from '#lib/connections/list-due';
import { toFullDay, toLondonDay } from '#lib/format/day';
import { toDaysLeft } from '#lib/format/days-left';
import { RefreshWhile } from '../../_refresh-while.tsx';

type DoneProps = { connection: ConnectionDetail; isFinishing: boolean; others: readonly DueConsent[]; now: Date };

export function Done({ connection, isFinishing, others, now }: DoneProps) {
  const { id, bankName, consentExpiresAt, isEndPending, isRenewing } = connection;
  const isComing = isFinishing || isRenewing;
  const until = consentExpiresAt !== null && !isEndPending ? toFullDay(toLondonDay(consentExpiresAt)) : null;
  return (
    <>
      {isComing ? <RefreshWhile /> : null}
      <PageHeader title={isComing ? `Renewing ${bankName}…` : `You go on sharing ${bankName}`} />
      <div className="space-y-10">
        {isComing ? (
          <Notice tone="note" title="Fetching with the renewed permission for the first time" role="status">
            This takes a few seconds, and goes on by itself if you leave. Until it has worked, everything stays as it
            was.
          </Notice>
        ) : (
          <Notice tone="good" title={until === null ? 'Renewed' : `Until ${until}`} role="status">
            {until === null
              ? 'TrueLayer has accepted it. The new last day appears under Connections within a day or two.'
              : 'Your accounts and their history are as they were. We remind you before it ends.'}
          </Notice>
        )}
        {others.length === 0 ? null : (
          <Section id="others" title="Next" lead="These end soon too.">
            <ul className="space-y-3">
              {others.map((due) => (
                <li key={due.connectionId}>
                  <LinkButton href={`/connections/${due.connectionId}/reconfirm`} variant="secondary">
                    {`${due.bankName}: ${due.until > now ? 'ends ' : ''}${toDaysLeft(due.until, now)}`}
                  </LinkButton>
                </li>
              ))}
            </ul>
          </Section>
        )}
        <div className="flex flex-wrap gap-3">
          <LinkButton href="/accounts">See your accounts</LinkButton>
          <LinkButton href={`/connections/${id}`} variant="secondary">
            {`About ${bankName}`}
          </LinkButton>
        </div>
      </div>
    </>
  );
}
