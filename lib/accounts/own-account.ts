import 'server-only';
import type { Actor } from '#lib/actor/actor';
import { isUuid, ownedBy } from '#lib/connections/internal';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { NotFoundError } from '#lib/errors/app-error';
import type { TimeZone } from '#lib/time/calendar';
import { zoneOfCountry } from '#lib/time/country-zone';

/** Which accounts an actor may name: a person their own, and the system any. One of the team needs a leave of its own. */
export function accountsOf(actor: Actor): Prisma.BankAccountWhereInput {
  return { connection: actor.kind === 'admin' ? { userId: actor.userId } : ownedBy(actor) };
}

/**
 * Somebody else's account is the same as none.
 * @throws {NotFoundError}
 */
export async function requireAccount(
  ctx: Context,
  accountId: string,
): Promise<{ id: string; currency: string; zone: TimeZone }> {
  const where = { id: accountId, ...accountsOf(ctx.actor) };
  const row = isUuid(accountId)
    ? await ctx.db.bankAccount.findFirst({ where, select: { id: true, currency: true, connection: ZONE } })
    : null;
  if (row === null) throw new NotFoundError('account');
  return { id: row.id, currency: row.currency, zone: zoneOf(row) };
}

/** What {@link zoneOf} needs of an account's connection. */
export const BANK_COUNTRY = { bank: { select: { country: true } } } as const;
const ZONE = { select: BANK_COUNTRY } as const;

/** The zone of an account's calendar: its days are days at the bank. */
export function zoneOf({ connection }: { connection: { bank: { country: string } } }): TimeZone {
  return zoneOfCountry(connection.bank.country);
}
