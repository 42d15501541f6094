import { Prisma } from './generated/client.ts';

/**
 * The booked rows that lists, totals and exports show: neither removed by the bank, nor joined by the user to another row that
 * is there, nor shown already as a row of an account that theirs was joined with. Every reader that shows or sums booked rows uses this condition, {@link IS_VISIBLE} or {@link hiddenIdsOf}.
 */
export const VISIBLE = {
  vanishedAt: null,
  duplicateOfId: null,
  hiddenBy: { none: { shown: { vanishedAt: null } } },
} satisfies Prisma.TransactionWhereInput;

/**
 * The same of `transactions t`, in SQL. `offset 0` keeps it an index lookup per row: as a join it would read every user's joins.
 */
export const IS_VISIBLE = Prisma.sql`(t.vanished_at is null and t.duplicate_of_id is null and not exists (
  select from transaction_joins hiding where hiding.hidden_id = t.id
    and (select shown.vanished_at is null from transactions shown where shown.id = hiding.shown_id) offset 0))`;

/** The rows of a user's accounts that joins hide, for statements that read many users' rows on their way. */
export function hiddenIdsOf(userId: string): Prisma.Sql {
  return Prisma.sql`select hiding.hidden_id from transaction_joins hiding join accounts owner on owner.id = hiding.account_id
    where owner.user_id = ${userId}::uuid
      and (select shown.vanished_at is null from transactions shown where shown.id = hiding.shown_id)`;
}
