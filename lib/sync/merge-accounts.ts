import 'server-only';
import type { Context } from '#lib/context/context';
import { openNumbers, sealNumbers } from './account-number.ts';
import { pairRows, type RowFacts, withOneSpelling } from './pair-rows.ts';
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
  await db.$executeRaw`delete from transactions where account_id = ${fromId}::uuid and vanished_at is not null`;
  // What the later account has is there, whatever became of it in the earlier one, whose row would stand in the way below.
  await db.$executeRaw`
    update transaction_edits e set transaction_id = n.id
    from transactions o join transactions n on n.account_id = ${fromId}::uuid and n.identity_key = o.identity_key
    where o.account_id = ${intoId}::uuid and o.vanished_at is not null and e.transaction_id = o.id
      and not exists (select from transaction_edits x where x.transaction_id = n.id)`;
  await db.$executeRaw`
    delete from transactions o using transactions n
    where o.account_id = ${intoId}::uuid and o.vanished_at is not null and n.account_id = ${fromId}::uuid and n.identity_key = o.identity_key`;
  const pairs = await findPairs(ctx, { fromId, intoId });
  const olds = pairs.map(({ from }) => from);
  const news = pairs.map(({ to }) => to);
  // The later row says what the bank says now; the earlier one is the one that people and their words know.
  await db.$executeRaw`
    update transaction_edits e set transaction_id = o.id
    from unnest(${olds}::text[], ${news}::text[]) as p (old, new)
    join transactions o on o.account_id = ${intoId}::uuid and o.identity_key = p.old
    join transactions n on n.account_id = ${fromId}::uuid and n.identity_key = p.new
    where e.transaction_id = n.id and not exists (select from transaction_edits x where x.transaction_id = o.id)`;
  await db.$executeRaw`
    with gone as (
      delete from transactions n using unnest(${olds}::text[], ${news}::text[]) as p (old, new)
      where n.account_id = ${fromId}::uuid and n.identity_key = p.new returning n.*, p.old
    )
    update transactions o set identity_key = g.identity_key, content_hash = g.content_hash, truelayer_id = g.truelayer_id,
      normalised_id = g.normalised_id, provider_transaction_id = g.provider_transaction_id, booked_on = g.booked_on,
      booked_at = g.booked_at, timestamp_text = g.timestamp_text, position = g.position, description = g.description,
      amount = g.amount, effect = g.effect, currency = g.currency, type = g.type, category = g.category,
      classification = g.classification, merchant_name = g.merchant_name, merchant_source = g.merchant_source,
      running_balance = g.running_balance, is_sign_mismatch = g.is_sign_mismatch, meta = g.meta, changed_at = ${now}
    from gone g where o.account_id = ${intoId}::uuid and o.identity_key = g.old`;
  // Days that the later account surely has in full: what only the earlier one has there, the bank has taken back.
  await db.$executeRaw`
    update transactions o set vanished_at = ${now}, changed_at = ${now}
    from accounts a where a.id = ${fromId}::uuid and o.account_id = ${intoId}::uuid and o.vanished_at is null
      and a.covered @> o.booked_on and o.booked_on > a.covered_from
      and o.identity_key <> all(${news}::text[])`;
  await db.$executeRaw`update transactions set account_id = ${intoId}::uuid where account_id = ${fromId}::uuid`;
}

/** Rows of the earlier account and of the later one that are the same transaction: by key first, then by what they say. */
async function findPairs(ctx: Context, { fromId, intoId }: Merge) {
  const load = (accountId: string) => ctx.db.$queryRaw<RowFacts[]>`
    select identity_key as "identityKey", booked_on::text as day, amount::text, currency, description from transactions
    where account_id = ${accountId}::uuid and vanished_at is null order by booked_on, position, identity_key`;
  const olds = (await load(intoId)).map(withOneSpelling);
  const news = (await load(fromId)).map(withOneSpelling);
  const oldKeys = new Set(olds.map(({ identityKey }) => identityKey));
  const byKey = news.filter(({ identityKey }) => oldKeys.has(identityKey));
  const taken = new Set(byKey.map(({ identityKey }) => identityKey));
  const isOpen = ({ identityKey }: RowFacts) => !taken.has(identityKey);
  return [
    ...byKey.map(({ identityKey }) => ({ from: identityKey, to: identityKey })),
    ...pairRows(olds.filter(isOpen), news.filter(isOpen)),
  ];
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
