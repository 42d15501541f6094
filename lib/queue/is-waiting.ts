import 'server-only';
import type { Context } from '#lib/context/context';
import type { JobName } from './contract.ts';

/** Whether a job under one of these keys is still to be done, or is being done. One that has failed and is tried again isn't meant. */
export async function isWaiting(ctx: Context, name: JobName, keys: readonly string[]): Promise<boolean> {
  const [row] = await ctx.db.$queryRaw<[{ found: boolean }]>`
    select exists (
      select from pgboss.job where name = ${name} and singleton_key = any(${keys}::text[]) and state in ('created', 'active')
    ) as found`;
  return row.found;
}
