import 'server-only';
import { Prisma } from '#lib/db/generated/client';

/**
 * Which accounts a user sees as accounts of their own right. Left out are an account that another one stands for, because the
 * user joined them or because both reach the same account through two logins, and, unless asked for, what the user hid.
 */
export function shownAccounts({ withHidden }: { withHidden: boolean }): Prisma.BankAccountWhereInput {
  return {
    joinedIntoId: null,
    ...(withHidden ? {} : { hiddenAt: null }),
    OR: [
      { twinOfId: null },
      { twinOf: { goneAt: { not: null } } },
      { twinOf: { connection: { endedAt: { not: null } } } },
    ],
  };
}

/** The same of `accounts a`, in SQL: what sums count. */
export const IS_IN_TOTALS = Prisma.sql`a.joined_into_id is null and a.hidden_at is null and not exists (
  select from accounts twin join connections tc on tc.id = twin.connection_id
  where twin.id = a.twin_of_id and twin.gone_at is null and tc.ended_at is null)`;
