import { z } from 'zod';

export const DEVICES = ['phone', 'tablet', 'desktop', 'other'] as const;
export const STORED_FLOWS = ['dialog', 'bank_selection', 'direct'] as const;
export const PURPOSES = ['connect', 'reauthenticate', 'extend', 'change'] as const;
export const SPANS = [7, 30, 90] as const;

/** What the address bar may say. Whatever it says that makes no sense is left out rather than refused. */
const FunnelParams = z.object({
  days: z.coerce
    .number()
    .pipe(z.union(SPANS.map((span) => z.literal(span))))
    .catch(30),
  bank: z.string().min(1).max(100).optional().catch(undefined),
  device: z.enum(DEVICES).optional().catch(undefined),
  flow: z.enum(STORED_FLOWS).optional().catch(undefined),
  purpose: z.enum(PURPOSES).catch('connect'),
  outcome: z
    .string()
    .regex(/^[a-z0-9_]{1,60}$/)
    .optional()
    .catch(undefined),
});

export type FunnelFilter = z.infer<typeof FunnelParams>;

export function parseFunnelFilter(params: Readonly<Record<string, unknown>>): FunnelFilter {
  return FunnelParams.parse(params);
}

/** The address that shows the same with `changes`. */
export function toFunnelQuery(filter: FunnelFilter, changes: Partial<FunnelFilter>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filter, ...changes })) {
    if (value !== undefined && USUAL[name] !== value) query.set(name, String(value));
  }
  return query.size === 0 ? '' : `?${query}`;
}

const USUAL: Readonly<Record<string, unknown>> = { days: 30, purpose: 'connect' };
