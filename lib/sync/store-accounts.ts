import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import { recordAudit } from '#lib/audit/record';
import { isSameBank } from '#lib/banks/same-bank';
import type { Context } from '#lib/context/context';
import type { AccountKind } from '#lib/truelayer/call';
import { hashNumbers, hintOf, sealNumbers } from './account-number.ts';
import type { ListedAccount } from './listed-account.ts';
import { type FormerAccount, type Pairing, pairAccounts } from './pair-accounts.ts';
import { settleSameLogin } from './same-login.ts';

/** Some cards come without one; the first balance that names one settles it. */
export const UNKNOWN_CURRENCY = 'XXX';

type Owner = { connectionId: string; userId: string };

/**
 * Takes over one complete list of accounts or of cards, each as its former self where it is known again, so that history
 * goes on and nothing doubles. What is no longer listed stays, marked as gone.
 */
export async function storeAccounts(
  ctx: Context,
  owner: Owner,
  kind: AccountKind,
  input: { listed: readonly ListedAccount[]; hashKey: Buffer; isWhole: boolean },
): Promise<void> {
  const listed = input.listed.map((account) => ({
    ...account,
    numberHash: hashNumbers(input.hashKey, account.numbers),
  }));
  const former = await listFormer(ctx, owner, kind);
  const pairings = pairAccounts(listed, former);
  const keptIds: string[] = [];
  for (const [index, account] of listed.entries()) {
    const pairing: Pairing = pairings[index] ?? { kind: 'new' };
    const id = pairing.kind === 'same' ? pairing.id : uuidv7();
    keptIds.push(id);
    await storeOne(ctx, owner, { id, account, position: kind === 'card' ? 1000 + index : index });
    if (pairing.kind === 'same' && pairing.by !== 'id') await auditPairing(ctx, owner, id, pairing.by);
    if (pairing.kind === 'ask') await askPerson(ctx, owner, id, pairing.candidateIds);
  }
  // An account that isn't in the list may be the row that couldn't be read.
  if (input.isWhole) {
    await ctx.db.bankAccount.updateMany({
      where: { connectionId: owner.connectionId, kind, goneAt: null, id: { notIn: keptIds } },
      data: { goneAt: ctx.clock.now() },
    });
  }
  await settleSameLogin(ctx, owner);
}

/** This connection's accounts, and those of the person's connections with the same bank that can fetch no more. */
async function listFormer(ctx: Context, owner: Owner, kind: AccountKind): Promise<FormerAccount[]> {
  const { bankId } = await ctx.db.connection.findUniqueOrThrow({
    where: { id: owner.connectionId },
    select: { bankId: true },
  });
  const rows = await ctx.db.bankAccount.findMany({
    where: {
      userId: owner.userId,
      kind,
      OR: [
        { connectionId: owner.connectionId },
        { connection: { status: { in: ['revoked', 'failed', 'expired', 'needs_reauthentication'] } } },
      ],
    },
    select: {
      id: true,
      connectionId: true,
      truelayerId: true,
      kind: true,
      type: true,
      currency: true,
      cardNetwork: true,
      numberHash: true,
      goneAt: true,
      connection: { select: { bankId: true } },
    },
    orderBy: [{ lastListedAt: 'desc' }, { id: 'asc' }],
  });
  return rows
    .filter(({ connection }) => isSameBank(connection.bankId, bankId))
    .map(({ truelayerId, connectionId, goneAt, currency, ...row }) => ({
      ...row,
      trueLayerId: truelayerId,
      currency: currency === UNKNOWN_CURRENCY ? null : currency,
      isOfConnection: connectionId === owner.connectionId,
      isGone: goneAt !== null,
    }));
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

/** Until it is answered the account goes by itself; nothing of its possible former selves is touched. */
async function askPerson(ctx: Context, owner: Owner, accountId: string, candidateIds: string[]): Promise<void> {
  await ctx.db.pairingQuestion.createMany({
    data: [{ id: uuidv7(), connectionId: owner.connectionId, accountId, candidateIds, askedAt: ctx.clock.now() }],
    skipDuplicates: true,
  });
}
