import 'server-only';
import type { Context } from '#lib/context/context';
import { openNumbers, sealNumbers } from './account-number.ts';

/** Whether nothing but its place in a list and balances has come for an account so far. */
export async function isWithoutHistory(ctx: Context, accountId: string): Promise<boolean> {
  const [row] = await ctx.db.$queryRaw<[{ isEmpty: boolean }]>`
    select not exists (select from transactions where account_id = ${accountId}::uuid)
      and not exists (select from pending_transactions where account_id = ${accountId}::uuid)
      and not exists (select from transaction_edits where account_id = ${accountId}::uuid)
      and not exists (select from accounts where joined_into_id = ${accountId}::uuid) as "isEmpty"`;
  return row.isEmpty;
}

/**
 * Lets a known account go on under a new connection, in the caller's transaction: it keeps its id, its history and the user's
 * settings, and takes over what was listed for `listedId`, which has no history yet and goes. Its balances and calls are kept.
 */
export async function adoptAccount(
  ctx: Context,
  { listedId, knownId }: { listedId: string; knownId: string },
): Promise<void> {
  const { db } = ctx;
  await db.$queryRaw`select id from accounts where id in (${listedId}::uuid, ${knownId}::uuid) order by id for update`;
  await db.$executeRaw`
    update balance_readings r set account_id = ${knownId}::uuid where account_id = ${listedId}::uuid and not exists (
      select from balance_readings x where x.account_id = ${knownId}::uuid and x.read_at = r.read_at)`;
  await db.accountResource.deleteMany({ where: { accountId: knownId } });
  const move = { where: { accountId: listedId }, data: { accountId: knownId } };
  await db.accountResource.updateMany(move);
  await db.bankAnswer.updateMany(move);
  await db.syncTask.updateMany(move);
  await db.setAsideRow.updateMany(move);
  await moveCalls(ctx, move);
  await takeListing(ctx, { listedId, knownId });
}

type Move = { where: { accountId: string }; data: { accountId: string } };

/** Counted calls may change their account only while this setting is on: a trigger refuses it otherwise. */
async function moveCalls(ctx: Context, move: Move): Promise<void> {
  await ctx.db.$executeRaw`select set_config('linkwell.merging_accounts', 'on', true)`;
  await ctx.db.truelayerCall.updateMany(move);
  await ctx.db.$executeRaw`select set_config('linkwell.merging_accounts', 'off', true)`;
}

async function takeListing(ctx: Context, { listedId, knownId }: { listedId: string; knownId: string }): Promise<void> {
  const { numberSealed, balanceAt, ...listing } = await ctx.db.bankAccount.findUniqueOrThrow({
    where: { id: listedId },
    select: {
      connectionId: true,
      truelayerId: true,
      type: true,
      displayName: true,
      currency: true,
      cardNetwork: true,
      cardType: true,
      position: true,
      lastListedAt: true,
      numberHint: true,
      numberHash: true,
      numberSealed: true,
      currentBalance: true,
      availableBalance: true,
      overdraft: true,
      creditLimit: true,
      balanceCurrency: true,
      balanceAt: true,
    },
  });
  const { currentBalance, availableBalance, overdraft, creditLimit, balanceCurrency, ...face } = listing;
  const balance = { currentBalance, availableBalance, overdraft, creditLimit, balanceCurrency, balanceAt };
  // A seal holds for one row only.
  const resealed = numberSealed === null ? null : sealNumbers(knownId, openNumbers(listedId, numberSealed));
  await ctx.db.bankAccount.delete({ where: { id: listedId }, select: { id: true } });
  // Until a balance has come for the new listing, the one of before is the last that is known.
  await ctx.db.bankAccount.update({
    where: { id: knownId },
    data: { ...face, ...(balanceAt === null ? {} : balance), numberSealed: resealed, goneAt: null },
    select: { id: true },
  });
}
