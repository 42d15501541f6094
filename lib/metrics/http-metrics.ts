import type { Metric, Sample } from './exposition.ts';

const BOUNDS_SECONDS = [0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

type Area = { answers: Map<string, number>; buckets: number[]; seconds: number; count: number };

const held = globalThis as typeof globalThis & { linkwellAnswers?: Map<string, Area> };
/** On the global: the build gives what notes and what tells each a copy of this module. */
held.linkwellAnswers ??= new Map();
const areas = held.linkwellAnswers;

/** Counts one answer of this process. By the first part of its path only: a path names people's rows. */
export function noteAnswer(path: string, status: number, seconds: number): void {
  const name = areaOf(path);
  const area = areas.get(name) ?? { answers: new Map(), buckets: BOUNDS_SECONDS.map(() => 0), seconds: 0, count: 0 };
  areas.set(name, area);
  const family = `${Math.floor(status / 100)}xx`;
  area.answers.set(family, (area.answers.get(family) ?? 0) + 1);
  BOUNDS_SECONDS.forEach((bound, index) => {
    if (seconds <= bound) area.buckets[index] = (area.buckets[index] ?? 0) + 1;
  });
  area.seconds += seconds;
  area.count += 1;
}

export function httpMetrics(): Metric[] {
  return [
    {
      name: 'linkwell_http_answers_total',
      help: 'Answers of this web process.',
      type: 'counter',
      samples: [...areas].flatMap(([area, { answers }]) =>
        [...answers].map(([status, value]) => ({ value, labels: { area, status } })),
      ),
    },
    {
      name: 'linkwell_http_seconds',
      help: 'How long answers of this web process took.',
      type: 'histogram',
      samples: [...areas].flatMap(([name, area]) => histogramOf(name, area)),
    },
  ];
}

function histogramOf(name: string, { buckets, seconds, count }: Area): Sample[] {
  const labels = { area: name };
  return [
    ...buckets.map((value, index) => ({
      suffix: '_bucket' as const,
      value,
      labels: { ...labels, le: String(BOUNDS_SECONDS[index]) },
    })),
    { suffix: '_bucket', value: count, labels: { ...labels, le: '+Inf' } },
    { suffix: '_sum', value: seconds, labels },
    { suffix: '_count', value: count, labels },
  ];
}

const AREAS = new Set(['accounts', 'admin', 'api', 'connect', 'connections', 'sign-in', '_next']);

function areaOf(path: string): string {
  const [, first = ''] = path.split('/');
  return AREAS.has(first) ? first : 'other';
}
