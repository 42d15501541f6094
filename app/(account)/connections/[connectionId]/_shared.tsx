import { ClusterDetail } from '#components/consent/permission-list';
import { type Definition, DefinitionList } from '#components/ui/definition-list';
import { Disclosure } from '#components/ui/disclosure';
import { Panel } from '#components/ui/panel';
import { Section } from '#components/ui/section';
import type { ConnectionDetail } from '#lib/connections/get-connection';
import type { SharedTerms } from '#lib/connections/shared-terms';
import { isOver } from '#lib/connections/status';
import { DATA_GROUPS } from '#lib/connections/wording/groups';

/** Each permission that was granted, and what it is used for. What wasn't granted is named too, so that nobody wonders. */
export function Shared({ connection, terms }: { connection: ConnectionDetail; terms: SharedTerms }) {
  const { permissions, status } = connection;
  const groups = DATA_GROUPS.map((group) => ({
    id: group.id,
    title: group.title,
    purpose: group.purpose,
    details: group.details.filter(({ permission }) => permissions.includes(permission)).map(({ text }) => text),
    without: group.whenDeclined,
  }));
  const shared = groups.filter(({ details }) => details.length > 0);
  const left = groups.filter(({ details }) => details.length === 0);
  return (
    <Section
      id="shared"
      title={isOver(status) ? 'What was shared' : 'What is shared'}
      lead="Each permission that you gave, and what we use it for."
    >
      <Panel>
        <ul className="divide-y divide-line">
          {shared.map((group) => (
            <li key={group.id}>
              <Disclosure summary={<Summary title={group.title} detail={group.purpose} />} look="row">
                <ClusterDetail cluster={{ id: group.id, title: group.title, details: group.details }} />
              </Disclosure>
            </li>
          ))}
          {left.map((group) => (
            <li key={group.id} className="py-3.5">
              <Summary title={`Not shared: ${group.title.toLowerCase()}`} detail={group.without ?? ''} />
            </li>
          ))}
        </ul>
        <div className="border-line border-t pt-3.5">
          <DefinitionList items={termsOf(terms)} />
        </div>
      </Panel>
    </Section>
  );
}

function termsOf({ sharing, history }: SharedTerms): Definition[] {
  const who = { term: 'Who sees it', value: sharing };
  return history === null ? [who] : [who, { term: 'How far back', value: history }];
}

function Summary({ title, detail }: { title: string; detail: string }) {
  return (
    <>
      <span className="block font-medium text-ink">{title}</span>
      <span className="block font-normal text-sm text-soft">{detail}</span>
    </>
  );
}
