import 'server-only';
import { requireAdmin } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import type { AuditFilter } from './filter.ts';
import { type AuditLine, pageOfEntries, parsePlace, toPlace } from './page-of-entries.ts';

const PAGE_LENGTH = 50;

export type AuditPage = { lines: AuditLine[]; before: string | null };

export async function listEntries(ctx: Context, filter: AuditFilter): Promise<AuditPage> {
  requireAdmin(ctx.actor);
  const found = await pageOfEntries(ctx, { filter, place: parsePlace(filter.before), limit: PAGE_LENGTH + 1 });
  const lines = found.slice(0, PAGE_LENGTH);
  const last = lines.at(-1);
  return { lines, before: found.length > PAGE_LENGTH && last !== undefined ? toPlace(last) : null };
}

/** The actions that were ever done: from one to the next along the index, instead of through every row. */
export async function listActions(ctx: Context): Promise<string[]> {
  requireAdmin(ctx.actor);
  const rows = await ctx.db.$queryRaw<{ action: string }[]>`
    with recursive actions as (
      (select action from audit_entries order by action limit 1)
      union all
      select (select action from audit_entries where action > actions.action order by action limit 1)
      from actions where actions.action is not null
    )
    select action from actions where action is not null`;
  return rows.map(({ action }) => action);
}
