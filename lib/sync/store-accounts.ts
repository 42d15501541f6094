import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import { recordAudit } from '#lib/audit/record';
import { isSameBank } from '#lib/banks/same-bank';
import type { Context } from '#lib/context/context';
import type { AccountKind } from '#lib/truelayer/call';
import { hashNumbers, hintOf, sealNumbers } from './account-number.ts';
import { askAboutAccount } from './ask-about-account.ts';
import { type KnownAccount, listKnownAccounts, UNKNOWN_CURRENCY } from './known-accounts.ts';
import type { ListedAccount } from './listed-account.ts';
import { type Pairing, pairAccounts } from './pair-accounts.ts';
import { settleSameLogin } from './same-login.ts';

type Owner = { connectionId: string; userId: string };

/**
 * Stores one complete list of accounts or of cards, each under the account that it is recognised as, so that its history goes
 * on. What may be a known one raises a question. What is no longer listed stays, marked as gone.
 */
export async function storeAccounts(
  ctx: Context,
  owner: Owner,
  kind: AccountKind,
  input: { listed: readonly ListedAccount[]; hashKey: Buffer; isWhole: boolean },
): Promise<void> {
  const listed = withoutRepeats(input.listed).map((account) => ({
    ...account,
    numberHash: hashNumbers(input.hashKey, account.numbers),
  }));
  const former = await listFormer(ctx, owner, kind, input.hashKey);
  const pairings = pairAccounts(
    listed.map((account) => ({ ...account, name: account.displayName })),
    former,
  );
  const ids = pairings.map((pairing) => (pairing.kind === 'same' ? pairing.id : uuidv7()));
  await freeIds(ctx, owner, { kind, listed, ids, former });
  for (const [index, account] of listed.entries()) {
    const pairing: Pairing = pairings[index] ?? { kind: 'new' };
    const id = ids[index] ?? uuidv7();
    await storeOne(ctx, owner, { id, account, position: kind === 'card' ? 1000 + index : index });
    if (pairing.kind === 'same' && pairing.by !== 'id') await auditPairing(ctx, owner, id, pairing.by);
    if (pairing.kind === 'ask') {
      const { candidateIds, reason } = pairing;
      await askAboutAccount(ctx, { connectionId: owner.connectionId, accountId: id, candidateIds, reason });
    }
  }
  // An account that isn't in the list may be the row that couldn't be read.
  if (input.isWhole) {
    await ctx.db.bankAccount.updateMany({
      where: { connectionId: owner.connectionId, kind, goneAt: null, id: { notIn: ids } },
      data: { goneAt: ctx.clock.now() },
    });
  }
  await settleSameLogin(ctx, owner, input.hashKey);
}

/** What is fetched is asked for by id: of two accounts under one id only one can be had. */
function withoutRepeats(listed: readonly ListedAccount[]): ListedAccount[] {
  return [...new Map(listed.toReversed().map((account) => [account.trueLayerId, account])).values()].toReversed();
}

/** This connection's accounts, and those of the user's connections with the same bank that can fetch no more. */
async function listFormer(ctx: Context, owner: Owner, kind: AccountKind, hashKey: Buffer): Promise<KnownAccount[]> {
  const { connectionId, userId } = owner;
  const { bankId } = await ctx.db.connection.findUniqueOrThrow({
    where: { id: connectionId },
    select: { bankId: true },
  });
  const known = await listKnownAccounts(
    ctx,
    {
      userId,
      kind,
      OR: [
        { connectionId },
        { connection: { status: { in: ['revoked', 'failed', 'expired', 'needs_reauthentication'] } } },
      ],
    },
    { connectionId, hashKey },
  );
  return known.filter((account) => account.isOfConnection || isSameBank(account.bankId, bankId));
}

type Listing = {
  kind: AccountKind;
  listed: readonly ListedAccount[];
  ids: readonly string[];
  former: readonly KnownAccount[];
};

/**
 * A bank may give one account's id to another one. The account that loses it makes way before the other takes it: the pair is
 * unique within a connection.
 */
async function freeIds(ctx: Context, { connectionId }: Owner, { kind, listed, ids, former }: Listing): Promise<void> {
  const takenBy = new Map(listed.map(({ trueLayerId }, index) => [trueLayerId, ids[index]]));
  const losing = former.filter(
    ({ id, isOfConnection, trueLayerId }) =>
      isOfConnection && takenBy.has(trueLayerId) && takenBy.get(trueLayerId) !== id,
  );
  if (losing.length === 0) return;
  await ctx.db.$executeRaw`
    update accounts set truelayer_id = 'given away ' || id::text
    where connection_id = ${connectionId}::uuid and kind = ${kind}::account_kind and id = any(${losing.map(({ id }) => id)}::uuid[])`;
}

type OneAccount = { id: string; account: ListedAccount & { numberHash: Buffer<ArrayBuffer> | null }; position: number };

async function storeOne(ctx: Context, owner: Owner, { id, account, position }: OneAccount): Promise<void> {
  const now = ctx.clock.now();
  const values = {
    connectionId: owner.connectionId,
    truelayerId: account.trueLayerId,
    type: account.type,
    displayName: account.displayName,
    cardNetwork: account.cardNetwork,
    cardType: account.cardType,
    numberHint: hintOf(account.numbers),
    numberSealed: sealNumbers(id, account.numbers),
    numberHash: account.numberHash,
    position,
    lastListedAt: now,
  };
  await ctx.db.bankAccount.upsert({
    where: { id },
    create: {
      ...values,
      id,
      userId: owner.userId,
      kind: account.kind,
      currency: account.currency ?? UNKNOWN_CURRENCY,
      firstSeenAt: now,
    },
    update: { ...values, ...(account.currency === null ? {} : { currency: account.currency }), goneAt: null },
    select: { id: true },
  });
}

async function auditPairing(ctx: Context, owner: Owner, accountId: string, by: string): Promise<void> {
  await recordAudit(ctx, {
    action: 'account.paired',
    subject: { kind: 'account', id: accountId },
    connectionId: owner.connectionId,
    personId: owner.userId,
    reason: by,
  });
}
