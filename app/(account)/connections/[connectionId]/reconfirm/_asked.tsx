import type { ReactNode } from 'react';
import { BankHeading } from '#components/bank/bank-heading';
import { Checkbox } from '#components/ui/checkbox';
import { Disclosure } from '#components/ui/disclosure';
import { LinkButton } from '#components/ui/link-button';
import { PageHeader } from '#components/ui/page-header';
import { Panel } from '#components/ui/panel';
import { SubmitButton } from '#components/ui/submit-button';
import type { ConnectionDetail } from '#lib/connections/get-connection';
import type { DueConsent } from '#lib/connections/list-due';
import type { ConsentWording } from '#lib/connections/wording/consent-wording';
import { markOf } from '#lib/connections/words-mark';
import { toList } from '#lib/format/count';
import { toFullDay, toLondonDay } from '#lib/format/day';
import { toDaysLeft } from '#lib/format/days-left';
import { ConsentTerms } from '../../../_consent-terms.tsx';
import { reconfirmAction } from './_actions.ts';

/** Another bank to which the same yes may be said, with the words that would be agreed to. */
type Other = { due: DueConsent; wording: ConsentWording };

type AskedProps = {
  connection: ConnectionDetail;
  wording: ConsentWording;
  others: readonly Other[];
  now: Date;
  children: ReactNode;
};

/** Our reconfirmation screen: nothing ticked beforehand, yes and no of one weight, and all of it on one page. */
export function Asked({ connection, wording, others, now, children }: AskedProps) {
  const { id, bankName } = connection;
  return (
    <>
      <PageHeader
        title={wording.heading}
        lead={wording.lead}
        above={<BankHeading bank={{ id: connection.bankId, name: bankName }} note={endOf(connection, now)} />}
        back={{ href: `/connections/${id}`, label: bankName }}
      />
      {children}
      <div className="space-y-8">
        <form action={reconfirmAction.bind(null, id)} className="space-y-6">
          <Shown connectionId={id} wording={wording} />
          {others.map(({ due, wording: its }) => (
            <Shown key={due.connectionId} connectionId={due.connectionId} wording={its} />
          ))}
          {others.length === 0 ? null : (
            <Panel>
              <fieldset>
                <legend className="font-semibold">Say the same for other banks that end soon?</legend>
                <div className="mt-2">
                  {others.map(({ due, wording: its }) => (
                    <div key={due.connectionId}>
                      <Checkbox
                        id={`also-${due.connectionId}`}
                        name="also"
                        value={due.connectionId}
                        label={`Keep sharing ${due.bankName} too`}
                        hint={inShort(due, its, now)}
                      />
                      <div className="pl-9">
                        <Disclosure summary={`What that means for ${due.bankName}`}>
                          <p className="mb-5 max-w-prose">
                            {its.heading} {its.lead} {its.next}
                          </p>
                          <ConsentTerms
                            wording={its}
                            canSeeTitle="What goes on being shared"
                            regulatoryTitle={`Who reads your ${due.bankName} accounts`}
                          />
                        </Disclosure>
                      </div>
                    </div>
                  ))}
                </div>
              </fieldset>
            </Panel>
          )}
          <div className="grid max-w-narrow gap-3 sm:grid-cols-2">
            <SubmitButton variant="even" pendingLabel="One moment…">
              Yes, keep sharing
            </SubmitButton>
            <LinkButton href={`/connections/${id}/stop`} variant="even">
              No, stop sharing
            </LinkButton>
          </div>
          <p className="max-w-prose">{wording.next}</p>
        </form>
        <ConsentTerms wording={wording} canSeeTitle="What goes on being shared" />
      </div>
    </>
  );
}

/** What is agreed to with the tick itself; the whole of it opens beneath. */
function inShort({ until }: DueConsent, { groups, duration }: ConsentWording, now: Date): string {
  const shared = toList(groups.map(({ title }) => title.toLowerCase()));
  return `It ${until > now ? 'ends ' : ''}${toDaysLeft(until, now)}. What goes on, as now: ${shared}. ${duration}`;
}

/** To which words the yes is said, for this bank. */
function Shown({ connectionId, wording }: { connectionId: string; wording: ConsentWording }) {
  return <input type="hidden" name={`shown-${connectionId}`} value={markOf(wording)} />;
}

function endOf({ consentExpiresAt, isEndPending }: ConnectionDetail, now: Date): string | undefined {
  if (consentExpiresAt === null || isEndPending) return undefined;
  const verb = consentExpiresAt > now ? 'Ends on' : 'Ended on';
  return `${verb} ${toFullDay(toLondonDay(consentExpiresAt))}, ${toDaysLeft(consentExpiresAt, now)}`;
}
