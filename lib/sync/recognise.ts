import 'server-only';
import { fileBank } from '#lib/connections/file-bank';
import { findRenewal, questionRenewal, type Renewal, supersedeTokens } from '#lib/connections/renewal';
import { trueLayer } from '#lib/context/truelayer';
import { AppError } from '#lib/errors/app-error';
import { hashNumbers, hashStored } from './account-number.ts';
import type { ListedAccount } from './listed-account.ts';
import type { SyncSession } from './session.ts';

/** A renewal opens accounts that are none of the connection's: somebody else may have signed in at the bank. */
export class RenewalQuestionedError extends AppError {
  constructor() {
    super('conflict', 'renewal_questioned');
  }
}

type Known = { truelayerId: string; numberHash: Uint8Array | null };

/**
 * Before anything of a renewal is stored: are these the accounts that this connection has known? One that is recognised is
 * enough. Under TrueLayer's old name for the grant, all have to be contradicted by their numbers, since ids may change.
 * @throws {RenewalQuestionedError} after noting the question
 */
export async function requireSamePerson(
  session: SyncSession,
  kind: 'account' | 'card',
  input: { listed: readonly ListedAccount[]; hashKey: Buffer },
): Promise<void> {
  if (session.role !== 'incoming') return;
  const { ctx, connection } = session;
  const renewal = await findRenewal(ctx, connection.id);
  if (renewal === null || renewal.confirmedAt !== null) return;
  const rows = await ctx.db.bankAccount.findMany({
    where: { connectionId: connection.id },
    select: { id: true, kind: true, truelayerId: true, numberHash: true, numberSealed: true },
  });
  const known = rows.map((row) => ({ ...row, numberHash: hashStored(input.hashKey, row) }));
  const listed = input.listed.map(({ trueLayerId, numbers }) => ({
    truelayerId: trueLayerId,
    numberHash: hashNumbers(input.hashKey, numbers),
  }));
  const ofKind = known.filter((one) => one.kind === kind);
  const isSameGrant = renewal.credentialsId === connection.credentialsId;
  // Cards are listed after the accounts: by then those have been recognised, if there are any.
  const isStrange = kind === 'account' && listed.length > 0 && ofKind.length === 0 && known.length > 0 && !isSameGrant;
  if (!isStrange && isSamePerson(listed, ofKind, isSameGrant)) return;
  await session.store((tx) => questionRenewal(tx, { connectionId: connection.id, code: 'other_accounts' }));
  throw new RenewalQuestionedError();
}

/** Pure. Where nothing was known there is nothing to doubt; where all is gone, only the old grant is beyond doubt. */
export function isSamePerson(listed: readonly Known[], known: readonly Known[], isSameGrant: boolean): boolean {
  if (known.length === 0) return true;
  if (listed.length === 0) return isSameGrant;
  if (listed.some((one) => known.some((other) => isSameAccount(one, other)))) return true;
  if (!isSameGrant) return false;
  return !listed.every((one) => one.numberHash !== null && known.every(({ numberHash }) => numberHash !== null));
}

function isSameAccount(one: Known, other: Known): boolean {
  if (one.truelayerId === other.truelayerId) return true;
  return one.numberHash !== null && other.numberHash !== null && Buffer.from(one.numberHash).equals(other.numberHash);
}

/** What TrueLayer wouldn't say when the tokens came, it is asked again: whether this is the old grant decides what is revoked. */
export async function nameRenewal(session: SyncSession): Promise<void> {
  if (session.role !== 'incoming') return;
  const renewal: Renewal | null = await findRenewal(session.ctx, session.connection.id);
  if (renewal === null || renewal.credentialsId !== null) return;
  const {
    items: [me],
  } = await session.call((call) => trueLayer().getMe(call));
  await session.ctx.db.connectionTokens.updateMany({
    where: { id: renewal.id },
    data: {
      credentialsId: me.credentialsId,
      consentStatus: me.consentStatus,
      consentCreatedAt: me.consentCreatedAt,
      consentExpiresAt: me.consentExpiresAt,
      bankId: (await fileBank(session.ctx, me.bank.bankId, me)).id,
      ...(renewal.permissions.length > 0 ? {} : { permissions: me.permissions }),
    },
  });
  await session.store((tx) => supersedeTokens(tx, session.connection.id));
}
