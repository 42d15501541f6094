import { z } from 'zod';
import type { ConnectionStatus } from '#lib/connections/status';

export const STATUSES = [
  'pending',
  'active',
  'degraded',
  'needs_reconfirmation',
  'needs_reauthentication',
  'expired',
  'revoking',
  'revoked',
  'failed',
] as const satisfies readonly ConnectionStatus[];

/** What the address bar may say. Whatever it says that makes no sense is left out rather than refused. */
const FilterParams = z.object({
  q: z.string().trim().min(2).max(100).optional().catch(undefined),
  state: z.enum(STATUSES).optional().catch(undefined),
  bank: z.string().min(1).max(100).optional().catch(undefined),
  error: z
    .string()
    .regex(/^[a-z0-9_]{1,60}$/)
    .optional()
    .catch(undefined),
  ends: z.coerce.number().int().min(1).max(365).optional().catch(undefined),
  stale: z.literal('yes').optional().catch(undefined),
  sort: z.enum(['newest', 'ends', 'updated']).optional().catch(undefined),
  order: z.enum(['asc', 'desc']).optional().catch(undefined),
  after: z.string().max(100).optional().catch(undefined),
  before: z.string().max(100).optional().catch(undefined),
});

export type ConnectionSort = 'newest' | 'ends' | 'updated';

export type ConnectionFilter = Omit<z.infer<typeof FilterParams>, 'sort' | 'order'> & {
  sort: ConnectionSort;
  order: 'asc' | 'desc';
  /** The orders that can be chosen: a filter that is a range, or a rare thing, has the order of its own index. */
  sorts: readonly ConnectionSort[];
};

const USUAL_ORDER: Record<ConnectionSort, 'asc' | 'desc'> = { newest: 'desc', ends: 'asc', updated: 'asc' };

export function parseConnectionFilter(params: Readonly<Record<string, unknown>>): ConnectionFilter {
  const { sort: asked, order, ...filter } = FilterParams.parse(params);
  const sorts = sortsFor(filter);
  const sort = asked !== undefined && sorts.includes(asked) ? asked : (sorts[0] ?? 'newest');
  return { ...filter, sorts, sort, order: (asked === sort ? order : undefined) ?? USUAL_ORDER[sort] };
}

/** The address that shows the same list with `changes`; from its beginning, unless they say otherwise. */
export function toConnectionQuery(
  filter: ConnectionFilter,
  changes: Partial<Record<string, string | null>> = {},
): string {
  const { sorts: _, after: __, before: ___, ...kept } = filter;
  const isUsual = filter.sort === filter.sorts[0] && filter.order === USUAL_ORDER[filter.sort];
  const { sort, order, ...rest } = kept;
  const values = { ...rest, ...(isUsual ? {} : { sort, order }), ...changes };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  }
  return query.size === 0 ? '' : `?${query}`;
}

function sortsFor(filter: Pick<ConnectionFilter, 'ends' | 'stale' | 'error' | 'state'>): readonly ConnectionSort[] {
  if (filter.ends !== undefined) return ['ends'];
  if (filter.stale !== undefined) return ['updated'];
  if (filter.error !== undefined || filter.state === 'revoked' || filter.state === 'failed') return ['newest'];
  return ['newest', 'ends', 'updated'];
}
