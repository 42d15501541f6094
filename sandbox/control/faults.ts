import { randomUUID } from 'node:crypto';
import { z } from 'zod';

const Match = z
  .object({
    method: z.string().transform((text) => text.toUpperCase()),
    path: z.string(),
    provider_id: z.string(),
    account_id: z.string(),
    credentials_id: z.string(),
    attended: z.boolean(),
  })
  .partial()
  .strict();

const Action = z
  .object({
    status: z.number().int().min(200).max(599),
    error: z.string(),
    error_description: z.string(),
    error_details: z.record(z.string(), z.unknown()),
    headers: z.record(z.string(), z.string()),
    body: z.unknown(),
    malformed: z.boolean(),
    delay_ms: z.number().min(0).max(600_000),
    /** The request waits until the fault is removed: a test decides when, and no clock does. */
    hold: z.boolean(),
    drop: z.boolean(),
    drop_after: z.boolean(),
    duplicate: z.boolean(),
    duplicate_rows: z.boolean(),
    running_200: z.boolean(),
  })
  .partial()
  .strict();
export type FaultAction = z.output<typeof Action>;

const Fault = z
  .object({
    match: Match.default({}),
    action: Action,
    /** How often it strikes; without it, until it is removed. */
    times: z.number().int().min(1).optional(),
    /** How many matching requests pass unharmed first. */
    after: z.number().int().min(0).default(0),
  })
  .strict();

export type StandingFault = z.output<typeof Fault> & { id: string; seen: number; struck: number };

export type FaultTarget = {
  method: string;
  path: string;
  provider_id: string | null;
  account_id: string | null;
  credentials_id: string | null;
  attended: boolean;
};

export type Faults = {
  add(input: unknown): { ok: true; id: string } | { ok: false; issues: z.core.$ZodIssue[] };
  /** The first fault that strikes this request; counted as it is taken. */
  take(target: FaultTarget): StandingFault | null;
  /** Settles when the fault is removed. */
  untilRemoved(id: string): Promise<void>;
  list(): StandingFault[];
  remove(id: string): boolean;
  clear(): void;
};

export function openFaults(): Faults {
  const faults = new Map<string, StandingFault>();
  const removals = new Map<string, PromiseWithResolvers<void>>();
  const remove = (id: string) => {
    removals.get(id)?.resolve();
    removals.delete(id);
    return faults.delete(id);
  };
  return {
    add(input) {
      const parsed = Fault.safeParse(input);
      if (!parsed.success) return { ok: false, issues: parsed.error.issues };
      const id = randomUUID();
      faults.set(id, { ...parsed.data, id, seen: 0, struck: 0 });
      return { ok: true, id };
    },
    take(target) {
      for (const fault of faults.values()) {
        if (!matches(fault.match, target)) continue;
        if (fault.times !== undefined && fault.struck >= fault.times) continue;
        fault.seen += 1;
        if (fault.seen <= fault.after) continue;
        fault.struck += 1;
        return fault;
      }
      return null;
    },
    untilRemoved(id) {
      if (!faults.has(id)) return Promise.resolve();
      const removal = removals.get(id) ?? Promise.withResolvers<void>();
      removals.set(id, removal);
      return removal.promise;
    },
    list: () => [...faults.values()],
    remove,
    clear() {
      for (const id of [...faults.keys()]) remove(id);
    },
  };
}

function matches(match: z.output<typeof Match>, target: FaultTarget): boolean {
  const { path, ...exact } = match;
  if (path !== undefined && !toPathPattern(path).test(target.path)) return false;
  return (
    (exact.method === undefined || exact.method === target.method) &&
    (exact.provider_id === undefined || exact.provider_id === target.provider_id) &&
    (exact.account_id === undefined || exact.account_id === target.account_id) &&
    (exact.credentials_id === undefined || exact.credentials_id === target.credentials_id) &&
    (exact.attended === undefined || exact.attended === target.attended)
  );
}

/** A text that begins with `^` is a pattern; in any other, `*` stands for one part of a path and `**` for any. */
function toPathPattern(path: string): RegExp {
  if (path.startsWith('^')) return new RegExp(path);
  const parts = path.split(/(\*\*|\*)/).map((part) => {
    if (part === '**') return '.*';
    return part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}
