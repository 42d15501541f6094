/** One measured figure. The method says how it was come by, for somebody who wants to repeat or to doubt it. */
export type Figure = {
  name: string;
  value: number;
  unit: string;
  /** In words; null for a figure that only explains another. */
  budget: string | null;
  isMet: boolean;
  method: string;
};

/** A benchmark: takes the stage that is set and returns what it measured. */
export type Bench = (stage: Stage) => Promise<Figure[]>;

/** What every benchmark may use: a throw-away database, migrated, and a TrueLayer stand-in whose control endpoint is open. */
export type Stage = {
  /** A folder that is deleted afterwards. */
  dir: string;
  databaseUrl: string;
  standInUrl: string;
  /** The environment of a process of ours, as `npm run worker` would be given it. */
  env: Record<string, string>;
  control(method: string, path: string, body?: unknown): Promise<unknown>;
};

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** By the nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function atLeast(limit: number): { budget: string; isMet: (value: number) => boolean } {
  return { budget: `≥ ${limit}`, isMet: (value) => value >= limit };
}

export function atMost(limit: number): { budget: string; isMet: (value: number) => boolean } {
  return { budget: `≤ ${limit}`, isMet: (value) => value <= limit };
}

export function figure(
  facts: Omit<Figure, 'budget' | 'isMet'>,
  limit: ReturnType<typeof atLeast> | null = null,
): Figure {
  const value = round(facts.value);
  return { ...facts, value, budget: limit?.budget ?? null, isMet: limit?.isMet(facts.value) ?? true };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
