import 'server-only';
import { requireAdmin } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';

export type FilterChoices = { banks: { id: string; name: string }[]; errorCodes: string[] };

/** What there is to filter by: the banks that have connections, and the codes that connections stand at. */
export async function listFilterChoices(ctx: Context): Promise<FilterChoices> {
  requireAdmin(ctx.actor);
  const [banks, codes] = await Promise.all([
    ctx.db.$queryRaw<{ id: string; name: string }[]>`
      select b.id, b.display_name as name from banks b
      where exists (select 1 from connections c where c.bank_id = b.id) order by lower(b.display_name), b.id`,
    // From one code to the next along the index, instead of through every row.
    ctx.db.$queryRaw<{ code: string }[]>`
      with recursive codes as (
        (select last_error_code as code from connections where last_error_code is not null order by 1 limit 1)
        union all
        select (select last_error_code from connections where last_error_code > codes.code order by 1 limit 1)
        from codes where codes.code is not null
      )
      select code from codes where code is not null`,
  ]);
  return { banks, errorCodes: codes.map(({ code }) => code) };
}
