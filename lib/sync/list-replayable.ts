import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';

const PAGE = 500;

/** The accounts of which any answer is kept, page by page. */
export async function* listReplayable(
  ctx: Context,
  { accountId, connectionId }: { accountId?: string; connectionId?: string },
): AsyncGenerator<string> {
  requireSystem(ctx.actor);
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows = await ctx.db.$queryRaw<{ id: string }[]>`
      select id from accounts a where id > ${after}::uuid
        and (${accountId ?? null}::uuid is null or id = ${accountId ?? null}::uuid)
        and (${connectionId ?? null}::uuid is null or connection_id = ${connectionId ?? null}::uuid)
        and exists (select from bank_answers b where b.account_id = a.id)
      order by id limit ${PAGE}`;
    const last = rows.at(-1);
    if (last === undefined) return;
    for (const { id } of rows) yield id;
    after = last.id;
  }
}
