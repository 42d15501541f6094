import { Disclosure } from '#components/ui/disclosure';
import { Money } from '#components/ui/money';
import { Panel } from '#components/ui/panel';
import { Section } from '#components/ui/section';
import type { Spending, SpendingLine } from '#lib/accounts/sum-spending';
import { toMonth } from '#lib/format/day';
import { signOf } from '#lib/format/decimal';
import { categoryWords } from '../../_words/enrichment.ts';

const SHOWN = 5;

/** What this month's money went on, beside last month up to the same day. */
export function SpendingSection({ spending }: { spending: Spending }) {
  const { month, lines, total } = spending;
  if (total === null || signOf(total.thisMonth) === 'zero') return null;
  return (
    <Section
      id="spending"
      title={`Spent in ${toMonth(month)}`}
      lead="Across all your accounts, without what only moved between them."
    >
      <Panel>
        <Row line={total} name="Together" isStrong />
        <ul className="mt-2 border-line border-t pt-2">
          {lines.slice(0, SHOWN).map((line) => (
            <li key={line.category}>
              <Row line={line} name={categoryWords(line.category)} />
            </li>
          ))}
        </ul>
        {lines.length > SHOWN ? (
          <Disclosure summary={`Show the other ${lines.length - SHOWN}`}>
            <ul>
              {lines.slice(SHOWN).map((line) => (
                <li key={line.category}>
                  <Row line={line} name={categoryWords(line.category)} />
                </li>
              ))}
            </ul>
          </Disclosure>
        ) : null}
      </Panel>
    </Section>
  );
}

function Row({ line, name, isStrong }: { line: SpendingLine; name: string; isStrong?: boolean }) {
  return (
    <div className="flex items-start justify-between gap-4 py-2">
      <p className={isStrong === true ? 'font-semibold text-lg' : 'font-medium'}>{name}</p>
      <div className="text-right">
        <p className={isStrong === true ? 'font-semibold text-lg' : 'font-medium'}>
          <Money amount={line.thisMonth} currency={line.currency} />
        </p>
        <p className="text-sm text-soft">
          <Money amount={line.lastMonthByNow} currency={line.currency} /> last month by now
        </p>
      </div>
    </div>
  );
}
