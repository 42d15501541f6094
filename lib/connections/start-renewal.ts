import 'server-only';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import { type Context, inTransaction } from '#lib/context/context';
import { env } from '#lib/env/env';
import { AppError } from '#lib/errors/app-error';
import { takeFromLimit } from '#lib/limits/take';
import { getSettings } from '#lib/settings/settings';
import { createAttempt, type NewAttempt } from './attempt.ts';
import { loadConnection } from './internal.ts';
import { keepReceipt } from './keep-receipt.ts';
import { isBankRetired, reachBank } from './reach-bank.ts';
import { offerRenewal } from './renewal-offer.ts';
import { RENEWING, type Renewing } from './renewal-trip.ts';
import { renewalWays } from './renewal-ways.ts';
import { toStatusFacts } from './settle-status.ts';
import { decideStatus } from './status.ts';
import { requireSameWords } from './words-mark.ts';
import { linkOrFail, TRIPS_PER_PERSON, writeAttempt } from './write-attempt.ts';

export const StartRenewalInput = z.object({
  connectionId: z.uuid(),
  device: z.enum(['phone', 'tablet', 'desktop']),
  browserSecret: z.string().min(20),
  /** The mark of the words that were on the page. */
  shown: z.string(),
});
export type StartRenewalInput = z.infer<typeof StartRenewalInput>;

/** Renewed at once, or the bank wants to see the person first. */
export type StartedRenewal = { kind: 'renewed' } | { kind: 'bank'; attemptId: string; url: string };

/**
 * The person says in our own screen that sharing should go on. What they were shown is kept, and TrueLayer is told; whatever
 * comes of it, what is shared now stays shared until something newer has proved itself.
 * @throws {NotFoundError}; {@link AppError} conflict when it has ended for good or `words_changed`, rate_limited; {@link LinkUnavailableError}
 */
export async function startRenewal(ctx: Context, input: StartRenewalInput): Promise<StartedRenewal> {
  const person = requirePerson(ctx.actor);
  const { connectionId, device, browserSecret, shown } = StartRenewalInput.parse(input);
  await takeFromLimit(TRIPS_PER_PERSON, person.userId);
  const { flow } = await getSettings(ctx);
  const attempt = createAttempt();
  const connection = await inTransaction(ctx, async (tx) => {
    const row = await loadConnection(tx, connectionId, RENEWING);
    const status = decideStatus(toStatusFacts(row), tx.clock.now());
    if (row.endedAt !== null || row.revokingSince !== null) throw new AppError('conflict', 'not_renewable');
    await writeAttempt(tx, {
      attempt,
      userId: row.userId,
      bankId: row.bankId,
      connectionId,
      purpose: status === 'needs_reauthentication' ? 'reauthenticate' : 'extend',
      flow,
      permissions: permissionsOf(row),
      device,
      isAppReturn: false,
      browserSecret,
    });
    await keepReconfirmation(tx, row, attempt, shown);
    return { ...row, status };
  });
  const ways = renewalWays({
    country: connection.bank.country,
    environment: env().trueLayer.environment,
    isApproved: env().trueLayer.isConsentApproved,
    status: connection.status,
    isBankRetired: await isBankRetired(ctx, connection),
  });
  const trip = { attempt, connection, permissions: permissionsOf(connection) };
  const { way, url } = await linkOrFail(ctx, attempt, () => reachBank(ctx, trip, ways));
  await ctx.db.attempt.updateMany({ where: { id: attempt.id }, data: { way } });
  return url === null ? { kind: 'renewed' } : { kind: 'bank', attemptId: attempt.id, url };
}

function permissionsOf({ permissions }: Renewing): string[] {
  return permissions.map(({ permission }) => permission);
}

/** Who said so, when, to which words, and for which permissions. */
async function keepReconfirmation(ctx: Context, row: Renewing, attempt: NewAttempt, shown: string): Promise<void> {
  const wording = await offerRenewal(ctx, row.id);
  requireSameWords(wording, shown);
  await keepReceipt(ctx, {
    userId: row.userId,
    attemptId: attempt.id,
    connectionId: row.id,
    bankId: row.bankId,
    bankName: row.bankName,
    kind: 'reconfirmation',
    wording,
    purposeText: wording.groups.map((group) => group.purpose).join(' '),
    permissions: permissionsOf(row),
  });
}
