import 'server-only';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { ask } from '#lib/queue/ask';
import { addMs, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#lib/time/span';
import { consentDaysIn } from './consent-offer.ts';
import { eraseDropped } from './erase-dropped.ts';
import { findRenewal, NO_RENEWAL, type Renewal } from './renewal.ts';
import { settleStatus } from './settle-status.ts';

/** When to ask TrueLayer again for an end that it doesn't tell yet: the last time while the renewal is still believed. */
const READ_AGAIN_MS = [MINUTE_MS, HOUR_MS, DAY_MS];

/**
 * The renewal has fetched: from now on it is the grant in use, with its own consent and clocks. The old one is destroyed if
 * TrueLayer calls both by one name, and otherwise waits as outgoing to be revoked. False when there is none to promote, or not yet.
 */
export async function promoteRenewal(ctx: Context, connectionId: string): Promise<boolean> {
  return inTransaction(ctx, async (tx) => {
    await tx.db.$queryRaw`select id from connections where id = ${connectionId}::uuid for update`;
    const renewal = await findRenewal(tx, connectionId);
    if (renewal === null || renewal.questionedAt !== null) return false;
    const before = await tx.db.connection.findUniqueOrThrow({ where: { id: connectionId }, select: BEFORE });
    if (!(await swapTokens(tx, connectionId, { before, renewal }))) {
      await ask(tx, 'connection.sync', { connectionId }, { key: `${connectionId} now` });
      return false;
    }
    const had = before.permissions.map(({ permission }) => permission);
    const permissions = renewal.permissions.length === 0 ? had : renewal.permissions;
    await takeOverPermissions(tx, connectionId, permissions);
    const dropped = had.filter((permission) => !permissions.includes(permission));
    if (await erasesDropped(tx, renewal)) await eraseDropped(tx, { connectionId, personId: before.userId, dropped });
    const { consentCheckedAt, ...end } = endAfter(before, renewal, tx.clock.now());
    await settleStatus(tx, connectionId, {
      facts: { ...end, grantRefusedAt: null, failures: 0 },
      data: {
        ...consentOf(renewal),
        ...(await bankOf(tx, renewal)),
        consentCheckedAt,
        grantRefusedCode: null,
        lastErrorCode: null,
        nextSyncAt: before.nextSyncAt ?? addMs(tx.clock.now(), DAY_MS),
      },
      reason: 'renewed',
    });
    await auditRenewed(tx, connectionId, before, { ...end, permissions });
    if (end.endPendingSince !== null || consentCheckedAt === null) await askForEnd(tx, connectionId);
    return true;
  });
}

async function askForEnd(ctx: Context, connectionId: string): Promise<void> {
  for (const ms of READ_AGAIN_MS) {
    const afterSeconds = ms / SECOND_MS;
    const options = { key: `${connectionId} renewed ${afterSeconds}`, afterSeconds };
    await ask(ctx, 'consent.read', { connectionId }, options);
  }
}

const BEFORE = {
  userId: true,
  credentialsId: true,
  consentExpiresAt: true,
  consentCheckedAt: true,
  nextSyncAt: true,
  bank: { select: { country: true } },
  permissions: { select: { permission: true } },
} satisfies Prisma.ConnectionSelect;

type Before = Prisma.ConnectionGetPayload<{ select: typeof BEFORE }>;

function isSameGrant({ before, renewal }: { before: Before; renewal: Renewal }): boolean {
  // What neither can name can't be told apart: revoking the old one might then end the new one.
  return renewal.credentialsId === null || renewal.credentialsId === before.credentialsId;
}

/** False while somebody refreshes the tokens in use of a grant that goes on: theirs may be the newest in a moment. */
async function swapTokens(
  ctx: Context,
  connectionId: string,
  grants: { before: Before; renewal: Renewal },
): Promise<boolean> {
  const { db } = ctx;
  const where = { connectionId, role: 'current' } as const;
  if (isSameGrant(grants)) {
    const standing = await standingOf(ctx, connectionId, grants.renewal);
    if (standing === 'busy') return false;
    if (standing === 'newer') {
      await db.connectionTokens.delete({ where: { id: grants.renewal.id }, select: { id: true } });
      return true;
    }
    await db.connectionTokens.deleteMany({ where });
  }
  // Its lease stays with whoever refreshes it just now: what they get is needed to revoke it.
  else await db.connectionTokens.updateMany({ where, data: { role: 'outgoing' } });
  await db.connectionTokens.update({
    where: { id: grants.renewal.id },
    data: { role: 'current', ...NO_RENEWAL },
    select: { id: true },
  });
  return true;
}

/**
 * How the tokens in use stand to a renewal's of the same grant. Both may have begun with one refresh token: then a refresh
 * since has spent it, and what it brought is all that is left.
 */
async function standingOf(ctx: Context, connectionId: string, { id }: Renewal): Promise<'older' | 'newer' | 'busy'> {
  const [inUse] = await ctx.db.$queryRaw<{ is_busy: boolean; is_newer: boolean }[]>`
    select coalesce(lease_until > clock_timestamp(), false) as is_busy,
      refreshed_at > (select refreshed_at from connection_tokens where id = ${id}::uuid) as is_newer
    from connection_tokens where connection_id = ${connectionId}::uuid and role = 'current' for update`;
  if (inUse?.is_busy === true) return 'busy';
  return inUse?.is_newer === true ? 'newer' : 'older';
}

function consentOf({ credentialsId, consentStatus, consentCreatedAt, authenticatedAt }: Renewal) {
  return {
    ...(credentialsId === null ? {} : { credentialsId }),
    ...(consentStatus === null ? {} : { consentStatus }),
    ...(consentCreatedAt === null ? {} : { consentCreatedAt }),
    ...(authenticatedAt === null ? {} : { authenticatedAt }),
  };
}

/** A retired bank is replaced by the one at which the person signed in. */
async function bankOf(ctx: Context, { bankId }: Renewal): Promise<{ bankId?: string; bankName?: string }> {
  if (bankId === null) return {};
  const bank = await ctx.db.bank.findUnique({ where: { id: bankId }, select: { displayName: true } });
  return bank === null ? {} : { bankId, bankName: bank.displayName };
}

type End = { consentExpiresAt: Date | null; endPendingSince: Date | null; consentCheckedAt: Date | null };

/**
 * A grant of its own has an end of its own. One that goes on should have a later end, which may be told only after a while.
 * Where TrueLayer has told of none, what such consents usually have is assumed, until it does.
 */
function endAfter(before: Before, renewal: Renewal, now: Date): End {
  const { consentExpiresAt: told } = renewal;
  const goesOn = isSameGrant({ before, renewal });
  const isNews = told !== null && (!goesOn || before.consentExpiresAt === null || told > before.consentExpiresAt);
  if (isNews) return { consentExpiresAt: told, endPendingSince: null, consentCheckedAt: now };
  // An end that was only assumed, or another grant's, says nothing of how long this one lasts.
  if (told === null && (!goesOn || before.consentCheckedAt === null)) {
    const assumed = addMs(now, consentDaysIn(before.bank.country) * DAY_MS);
    return { consentExpiresAt: assumed, endPendingSince: null, consentCheckedAt: null };
  }
  const { consentExpiresAt, consentCheckedAt } = before;
  return { consentExpiresAt, endPendingSince: now, consentCheckedAt };
}

async function takeOverPermissions(ctx: Context, connectionId: string, permissions: readonly string[]): Promise<void> {
  const grantedAt = ctx.clock.now();
  await ctx.db.connectionPermission.deleteMany({ where: { connectionId, permission: { notIn: [...permissions] } } });
  await ctx.db.connectionPermission.createMany({
    data: permissions.map((permission) => ({ connectionId, permission, grantedAt })),
    skipDuplicates: true,
  });
}

/** The person chose, when they dropped a permission, that what it had brought goes too. */
async function erasesDropped(ctx: Context, { attemptId }: Renewal): Promise<boolean> {
  return attemptId !== null && (await ctx.db.attempt.count({ where: { id: attemptId, erasesDropped: true } })) > 0;
}

type After = Omit<End, 'consentCheckedAt'> & { permissions: readonly string[] };

async function auditRenewed(ctx: Context, connectionId: string, before: Before, after: After): Promise<void> {
  await recordAudit(ctx, {
    action: 'consent.renewed',
    subject: { kind: 'connection', id: connectionId },
    connectionId,
    personId: before.userId,
    before: {
      consentExpiresAt: before.consentExpiresAt?.toISOString() ?? null,
      permissions: before.permissions.map(({ permission }) => permission),
    },
    after: {
      consentExpiresAt: after.endPendingSince === null ? (after.consentExpiresAt?.toISOString() ?? null) : null,
      permissions: [...after.permissions],
    },
  });
}
