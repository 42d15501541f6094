import { z } from 'zod';

const day = z
  .string()
  .regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/)
  .optional()
  .catch(undefined);

/** What the address bar may say. Whatever it says that makes no sense is left out rather than refused. */
const AuditParams = z.object({
  q: z.string().trim().min(3).max(200).optional().catch(undefined),
  action: z
    .string()
    .regex(/^[a-z_]{1,40}\.[a-z_]{1,60}$/)
    .optional()
    .catch(undefined),
  from: day,
  to: day,
  before: z.string().max(100).optional().catch(undefined),
});

export type AuditFilter = z.infer<typeof AuditParams>;

export function parseAuditFilter(params: Readonly<Record<string, unknown>>): AuditFilter {
  return AuditParams.parse(params);
}

/** The address that shows the same list with `changes`; from its beginning, unless they say otherwise. */
export function toAuditQuery({ before: _, ...filter }: AuditFilter, changes: { before?: string } = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filter, ...changes })) {
    if (value !== undefined && value !== '') query.set(name, value);
  }
  return query.size === 0 ? '' : `?${query}`;
}
