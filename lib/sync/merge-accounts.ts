import 'server-only';
import type { Context } from '#lib/context/context';
import { openNumbers, sealNumbers } from './account-number.ts';
import { loadAccountRows } from './matching/load-stored.ts';
import { matchTransactions } from './matching/match-transactions.ts';
import type { AccountResource } from './resource.ts';

export type Merge = { fromId: string; intoId: string };

/**
 * Makes two accounts one, in the caller's transaction: the later one's rows continue the earlier one's history, each
 * transaction once, and what a person wrote stays on its row. The earlier account keeps its id and takes the later one's face.
 */
export async function mergeAccounts(ctx: Context, { fromId, intoId }: Merge): Promise<void> {
  const { db } = ctx;
  await db.$queryRaw`select id from accounts where id in (${fromId}::uuid, ${intoId}::uuid) order by id for update`;
  await mergeBooked(ctx, { fromId, intoId });
  await db.$executeRaw`
    insert into balance_readings (account_id, read_at, current, available, overdraft, credit_limit, last_statement_balance,
      last_statement_on, payment_due, payment_due_on, currency, bank_updated_at)
    select ${intoId}::uuid, read_at, current, available, overdraft, credit_limit, last_statement_balance, last_statement_on,
      payment_due, payment_due_on, currency, bank_updated_at
    from balance_readings where account_id = ${fromId}::uuid on conflict do nothing`;
  await takeSets(ctx, { fromId, intoId });
  await db.accountResource.deleteMany({ where: { accountId: intoId } });
  await db.accountResource.updateMany({ where: { accountId: fromId }, data: { accountId: intoId } });
  await db.transactionEdit.updateMany({ where: { accountId: fromId }, data: { accountId: intoId } });
  await db.bankAnswer.updateMany({ where: { accountId: fromId }, data: { accountId: intoId } });
  // Worked out again from the history as it is now.
  await db.recurringPayment.deleteMany({ where: { accountId: { in: [fromId, intoId] }, dismissedAt: null } });
  // What the person dismissed stays dismissed, in either.
  await db.$executeRaw`
    update recurring_payments r set account_id = ${intoId}::uuid where r.account_id = ${fromId}::uuid and not exists (
      select from recurring_payments x where x.account_id = ${intoId}::uuid and x.series_key = r.series_key)`;
  await db.transfer.deleteMany({ where: { accountId: { in: [fromId, intoId] } } });
  await moveCalls(ctx, { fromId, intoId });
  await takeFace(ctx, { fromId, intoId });
}

async function mergeBooked(ctx: Context, { fromId, intoId }: Merge): Promise<void> {
  const { db } = ctx;
  const now = ctx.clock.now();
  const pairs = await findPairs(ctx, { fromId, intoId });
  const olds = [...pairs.values()];
  const news = [...pairs.keys()];
  await joinEdits(ctx, { olds, news });
  // The later row says what the bank says now; the earlier one is the one that people and their words know.
  await db.$executeRaw`
    with gone as (
      delete from transactions n using unnest(${olds}::uuid[], ${news}::uuid[]) as p (old, new)
      where n.account_id = ${fromId}::uuid and n.id = p.new returning n.*, p.old
    )
    update transactions o set content_hash = g.content_hash, truelayer_id = g.truelayer_id,
      normalised_id = g.normalised_id, provider_transaction_id = g.provider_transaction_id, booked_on = g.booked_on,
      booked_at = g.booked_at, timestamp_text = g.timestamp_text, position = g.position, description = g.description,
      amount = g.amount, effect = g.effect, currency = g.currency, type = g.type, category = g.category,
      classification = g.classification, merchant_name = g.merchant_name, merchant_source = g.merchant_source,
      running_balance = g.running_balance, is_sign_mismatch = g.is_sign_mismatch, meta = g.meta, changed_at = ${now},
      vanished_at = null
    from gone g where o.account_id = ${intoId}::uuid and o.id = g.old`;
  // Days that the later account surely has in full: what only the earlier one has there, the bank has taken back.
  await db.$executeRaw`
    update transactions o set vanished_at = ${now}, changed_at = ${now}
    from accounts a where a.id = ${fromId}::uuid and o.account_id = ${intoId}::uuid and o.vanished_at is null
      and a.covered @> o.booked_on and o.booked_on > a.covered_from and o.id <> all(${olds}::uuid[])`;
  await db.$executeRaw`update transactions set account_id = ${intoId}::uuid where account_id = ${fromId}::uuid`;
}

/** What the user wrote on the later row goes to the earlier one; where both have something, neither is lost. */
async function joinEdits({ db }: Context, { olds, news }: { olds: string[]; news: string[] }): Promise<void> {
  await db.$executeRaw`
    update transaction_edits o set
      note = case when o.note is distinct from n.note then concat_ws(e'\\n', o.note, n.note) else o.note end,
      category = coalesce(n.category, o.category), merchant_name = coalesce(n.merchant_name, o.merchant_name),
      is_transfer = coalesce(n.is_transfer, o.is_transfer), changed_at = greatest(o.changed_at, n.changed_at)
    from unnest(${olds}::uuid[], ${news}::uuid[]) as p (old, new) join transaction_edits n on n.transaction_id = p.new
    where o.transaction_id = p.old`;
  await db.$executeRaw`
    update transaction_edits e set transaction_id = p.old
    from unnest(${olds}::uuid[], ${news}::uuid[]) as p (old, new)
    where e.transaction_id = p.new and not exists (select from transaction_edits x where x.transaction_id = p.old)`;
}

/** By the id of the later account's row, the row of the earlier one that is the same transaction. */
async function findPairs(ctx: Context, { fromId, intoId }: Merge): Promise<Map<string, string>> {
  const earlier = await loadAccountRows(ctx, intoId, { coveredBy: fromId });
  const later = await loadAccountRows(ctx, fromId, { coveredBy: fromId });
  const received = later.filter(({ isRemoved }) => !isRemoved).map(({ id, ...facts }) => ({ ...facts, key: id }));
  // All rows of both accounts are compared, so no id can be shared with others.
  return matchTransactions(earlier, received, new Set());
}

/** What is replaced as a whole at each pull is the later account's, once it has been pulled there. */
async function takeSets(ctx: Context, { fromId, intoId }: Merge): Promise<void> {
  const { db } = ctx;
  const pulled = await db.accountResource.findMany({
    where: { accountId: fromId, lastOkAt: { not: null } },
    select: { resource: true },
  });
  const isPulled = (resource: AccountResource) => pulled.some((each) => each.resource === resource);
  const loser = (resource: AccountResource) => ({ where: { accountId: isPulled(resource) ? intoId : fromId } });
  const move = { where: { accountId: fromId }, data: { accountId: intoId } };
  await db.pendingTransaction.deleteMany(loser('pending'));
  await db.pendingTransaction.updateMany(move);
  await db.directDebit.deleteMany(loser('direct_debits'));
  await db.directDebit.updateMany(move);
  await db.standingOrder.deleteMany(loser('standing_orders'));
  await db.standingOrder.updateMany(move);
}

/** The ledger lets a call change its account through this door only. */
async function moveCalls(ctx: Context, { fromId, intoId }: Merge): Promise<void> {
  await ctx.db.$executeRaw`select set_config('linkwell.merging_accounts', 'on', true)`;
  await ctx.db.truelayerCall.updateMany({ where: { accountId: fromId }, data: { accountId: intoId } });
  await ctx.db.$executeRaw`select set_config('linkwell.merging_accounts', 'off', true)`;
}

async function takeFace(ctx: Context, { fromId, intoId }: Merge): Promise<void> {
  const face = await ctx.db.bankAccount.findUniqueOrThrow({
    where: { id: fromId },
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
      pendingAt: true,
      coveredTo: true,
      historyLimitCode: true,
    },
  });
  const { numberSealed, coveredTo, historyLimitCode, pendingAt, ...rest } = face;
  const { currentBalance, availableBalance, overdraft, creditLimit, balanceCurrency, balanceAt, ...listed } = rest;
  const balance = { currentBalance, availableBalance, overdraft, creditLimit, balanceCurrency, balanceAt };
  // A seal holds for one row only.
  const resealed = numberSealed === null ? null : sealNumbers(intoId, openNumbers(fromId, numberSealed));
  await ctx.db.$executeRaw`
    update accounts i set covered = i.covered + f.covered from accounts f where i.id = ${intoId}::uuid and f.id = ${fromId}::uuid`;
  await ctx.db.bankAccount.delete({ where: { id: fromId }, select: { id: true } });
  // An account is listed before anything of it is fetched: until then what the earlier one had is the last that is known.
  const fetched = {
    ...(balanceAt === null ? {} : balance),
    ...(pendingAt === null ? {} : { pendingAt }),
    ...(coveredTo === null ? {} : { historyLimitCode }),
  };
  const data = { ...listed, ...fetched, numberSealed: resealed, goneAt: null };
  await ctx.db.bankAccount.update({ where: { id: intoId }, data, select: { id: true } });
}
