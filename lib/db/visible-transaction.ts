import { Prisma } from './generated/client.ts';

/**
 * The booked rows that lists, totals and exports show: neither removed by the bank nor joined by the user to another row that
 * is there. Every reader that shows or sums booked rows uses this condition or {@link IS_VISIBLE}.
 */
export const VISIBLE = {
  vanishedAt: null,
  hiddenBy: { none: { shown: { vanishedAt: null } } },
} satisfies Prisma.TransactionWhereInput;

/** The same of `transactions t`, in SQL. */
export const IS_VISIBLE = isVisible(Prisma.raw('t'));

/** The same of a table alias. `offset 0` keeps it an index lookup per row: as a join it would read every user's joins. */
export function isVisible(alias: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(${alias}.vanished_at is null and not exists (
    select from transaction_joins hiding where hiding.hidden_id = ${alias}.id
      and (select shown.vanished_at is null from transactions shown where shown.id = hiding.shown_id) offset 0))`;
}
