import { LineChart } from '#components/chart/line-chart';
import type { BalancePoint } from '#lib/accounts/list-balances';
import { toFullDay } from '#lib/format/day';
import { formatMoney } from '#lib/format/money';
import { dayIn, type TimeZone } from '#lib/time/calendar';

type BalanceChartProps = { points: readonly BalancePoint[]; isCard: boolean; zone: TimeZone };

/** The balance as it was read, day by day. */
export function BalanceChart({ points, isCard, zone }: BalanceChartProps) {
  const drawn = points.map((point) => ({
    label: toFullDay(dayIn(zone, point.at)),
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
