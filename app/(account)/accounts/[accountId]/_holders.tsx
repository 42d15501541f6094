import { DefinitionList } from '#components/ui/definition-list';
import { Disclosure } from '#components/ui/disclosure';
import { Panel } from '#components/ui/panel';
import { Section } from '#components/ui/section';
import type { HolderView } from '#lib/accounts/list-holders';
import { toFullDay } from '#lib/format/day';

/** Who the bank says the holders are. Shut at first: it is nobody else's business over a shoulder. */
export function Holders({ holders, bankName }: { holders: readonly HolderView[]; bankName: string }) {
  if (holders.length === 0) return null;
  return (
    <Section id="holders" title="Who holds it" lead={`As ${bankName} told us, because you permitted it.`}>
      <Panel>
        {holders.map((holder) => (
          <Disclosure
            key={`${holder.fullName} ${holder.dateOfBirth}`}
            summary={holder.fullName ?? 'Name not given'}
            look="row"
          >
            <DefinitionList items={factsOf(holder)} />
          </Disclosure>
        ))}
      </Panel>
    </Section>
  );
}

function factsOf(holder: HolderView) {
  const born = holder.dateOfBirth;
  return [
    { term: 'Born', values: born === null ? [] : [/^\d{4}-\d{2}-\d{2}$/.test(born) ? toFullDay(born) : born] },
    { term: 'E-mail', values: holder.emails },
    { term: 'Phone', values: holder.phones },
    { term: 'Address', values: holder.addresses },
  ]
    .filter(({ values }) => values.length > 0)
    .map(({ term, values }) => ({ term, value: values.join('; ') }));
}
