import { Disclosure } from '#components/ui/disclosure';
import { CHART, rangeOf, stepPath, yOf, zeroLine } from './geometry.ts';

export type ChartPoint = {
  /** Names the point: `Tue 3 March`. */
  label: string;
  /** Exact decimal text: only its place is drawn from it. */
  value: string;
  /** What people read: `£1,204.10`. */
  valueText: string;
};

type LineChartProps = {
  title: string;
  /** The point of the picture in one sentence, for everybody. */
  summary: string;
  points: readonly ChartPoint[];
  valueHeading: string;
  labelHeading?: string;
};

/** A line for something that changes over time, the same in words, and the figures beneath it. */
export function LineChart({ title, summary, points, valueHeading, labelHeading = 'Day' }: LineChartProps) {
  const range = rangeOf(points.map((point) => point.value));
  const high = points.find((point) => point.value === range.high);
  const low = points.find((point) => point.value === range.low);
  return (
    <figure>
      <figcaption>
        <p className="font-semibold">{title}</p>
        <p className="mt-0.5 text-sm text-soft">{summary}</p>
      </figcaption>
      <div aria-hidden="true" className="figures mt-4 text-soft text-xs">
        <p className="mb-1">{high?.valueText}</p>
        <Drawing points={points} />
        <p className="mt-1">{low === high ? null : low?.valueText}</p>
        <p className="mt-1 flex justify-between border-line border-t pt-1.5">
          <span>{points[0]?.label}</span>
          <span>{points.length > 1 ? points.at(-1)?.label : null}</span>
        </p>
      </div>
      <Disclosure summary="Show the figures">
        <Figures title={title} points={points} labelHeading={labelHeading} valueHeading={valueHeading} />
      </Disclosure>
    </figure>
  );
}

function Drawing({ points }: { points: readonly ChartPoint[] }) {
  const values = points.map((point) => point.value);
  const range = rangeOf(values);
  const line = stepPath(values, range);
  const zero = zeroLine(range);
  const last = values.at(-1);
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${CHART.width} ${CHART.height}`}
      preserveAspectRatio="none"
      fill="none"
      className="h-36 w-full overflow-visible sm:h-48"
    >
      {line === '' ? null : <path d={`${line}V${CHART.height}H0Z`} className="fill-tint" />}
      {zero === null ? null : (
        <path d={`M0 ${zero}H${CHART.width}`} strokeDasharray="3 4" className={`stroke-edge ${STROKE}`} />
      )}
      <path d={line} strokeWidth="2" strokeLinejoin="round" className={`stroke-brand ${STROKE}`} />
      {last === undefined ? null : (
        <path
          d={`M${CHART.width} ${yOf(last, range)}h0`}
          strokeWidth="9"
          strokeLinecap="round"
          className={`stroke-brand ${STROKE}`}
        />
      )}
    </svg>
  );
}

// The picture is stretched to its place; its lines are not.
const STROKE = '[vector-effect:non-scaling-stroke] forced-colors:stroke-[CanvasText]';

function Figures({
  title,
  points,
  labelHeading,
  valueHeading,
}: Omit<LineChartProps, 'summary'> & { labelHeading: string }) {
  return (
    <div className="overflow-hidden rounded-control border border-line">
      <table className="w-full text-left text-sm">
        <caption className="sr-only">{title}</caption>
        <thead className="bg-sunken text-soft">
          <tr>
            <th scope="col" className="px-4 py-2 font-medium">
              {labelHeading}
            </th>
            <th scope="col" className="px-4 py-2 text-right font-medium">
              {valueHeading}
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {points.map((point) => (
            <tr key={point.label}>
              <th scope="row" className="px-4 py-2 font-normal">
                {point.label}
              </th>
              <td className="figures whitespace-nowrap px-4 py-2 text-right">{point.valueText}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
