import { LineChart } from '#components/chart/line-chart';
import type { BalancePoint } from '#lib/accounts/list-balances';
import { toFullDay, toLondonDay } from '#lib/format/day';
import { formatMoney } from '#lib/format/money';

/** The balance as it was read, day by day. */
export function BalanceChart({ points, isCard }: { points: readonly BalancePoint[]; isCard: boolean }) {
  const drawn = points.map((point) => ({
    label: toFullDay(toLondonDay(point.at)),
    value: point.current,
    valueText: formatMoney(point.current, point.currency),
  }));
  const [first] = drawn;
  const last = drawn.at(-1);
  if (first === undefined || last === undefined) return null;
  return (
    <LineChart
      title={isCard ? 'What was owed over time' : 'Balance over time'}
      summary={`From ${first.valueText} on ${first.label} to ${last.valueText} on ${last.label}.`}
      points={drawn}
      valueHeading={isCard ? 'Owed' : 'Balance'}
    />
  );
}
