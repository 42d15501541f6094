import { type ChartPoint, LineChart } from '#components/chart/line-chart';
import type { Funnel } from '#lib/admin/funnel/get-funnel';
import { formatCount, toCount } from '#lib/format/count';
import { toDayWords, toLondonDay } from '#lib/format/day';

const DAY_MS = 24 * 3600 * 1000;

/** How many banks were linked on each day of the span, the days on which none was too. */
export function DayChart({ byDay, days, now }: { byDay: Funnel['byDay']; days: number; now: Date }) {
  const linked = new Map(byDay.map((row) => [row.day, row.linked]));
  const today = toLondonDay(now);
  const points: ChartPoint[] = Array.from({ length: days }, (_, index) => {
    const day = toLondonDay(new Date(now.getTime() - (days - 1 - index) * DAY_MS));
    const count = linked.get(day) ?? 0;
    return { label: toDayWords(day, today), value: String(count), valueText: formatCount(count) };
  });
  const total = byDay.reduce((sum, row) => sum + row.linked, 0);
  return (
    <LineChart
      title="Came to their first data"
      summary={`${toCount(total, 'trip')} in ${days} days.`}
      points={points}
      valueHeading="Trips"
    />
  );
}
