import 'server-only';
import { Prisma } from '#lib/db/generated/client';

/** An account that comes through two logins is counted under the older one, for as long as that one goes on. */
export const COUNTED_ONCE = {
  OR: [
    { twinOfId: null },
    { twinOf: { goneAt: { not: null } } },
    { twinOf: { connection: { endedAt: { not: null } } } },
  ],
} satisfies Prisma.BankAccountWhereInput;

/** The same of `accounts a`, in SQL. */
export const IS_COUNTED_ONCE = Prisma.sql`not exists (
  select from accounts twin join connections tc on tc.id = twin.connection_id
  where twin.id = a.twin_of_id and twin.gone_at is null and tc.ended_at is null)`;
