import 'server-only';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import type { BankSummary } from '#lib/banks/dto';
import { getBank } from '#lib/banks/get-bank';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { takeFromLimit } from '#lib/limits/take';
import { getSettings } from '#lib/settings/settings';
import { createAttempt } from './attempt.ts';
import { type ConsentOffer, flowTo, offerConsent, permissionsWithout } from './consent-offer.ts';
import { makeFreshLink } from './fresh-link.ts';
import { loadConnection } from './internal.ts';
import { keepReceipt } from './keep-receipt.ts';
import { StartRenewalInput } from './start-renewal.ts';
import { type ChangeWording, changeWording } from './wording/change-wording.ts';
import { type GroupId, requireKnownGroups } from './wording/groups.ts';
import { requireSameWords } from './words-mark.ts';
import { linkOrFail, TRIPS_PER_PERSON, writeAttempt } from './write-attempt.ts';

export const StartChangeInput = StartRenewalInput.extend({
  /** The optional groups of data that are shared from now on. */
  wanted: z.array(z.string().max(40)).max(20),
  /** Whether what is no longer shared is erased once the change has come about. */
  erasesDropped: z.boolean(),
});
export type StartChangeInput = z.infer<typeof StartChangeInput>;

export type ChangeOffer = ConsentOffer & {
  /** The optional groups that are shared now. */
  shared: GroupId[];
};

/**
 * What could be shared at this bank, and what is.
 * @throws {NotFoundError} no such connection, or its bank can't be linked any more
 */
export async function offerChange(ctx: Context, connectionId: string): Promise<ChangeOffer> {
  requirePerson(ctx.actor);
  const row = await loadConnection(ctx, connectionId, { bankId: true, permissions: { select: { permission: true } } });
  const offer = await offerConsent(ctx, await getBank(ctx, row.bankId));
  const has = row.permissions.map(({ permission }) => permission);
  const shared = offer.optional.filter((id) => permissionsWithout(has, [id]).length < has.length);
  return { ...offer, shared };
}

export type Difference = {
  bank: BankSummary;
  wording: ChangeWording;
  permissions: string[];
  declined: GroupId[];
  isErasing: boolean;
};

type Wish = Pick<StartChangeInput, 'connectionId' | 'wanted' | 'erasesDropped'>;

/**
 * What would be different: the page shows it, and the receipt keeps it.
 * @throws {NotFoundError}; {@link AppError} invalid `nothing_changes`
 */
export async function offerDifference(
  ctx: Context,
  { connectionId, wanted, erasesDropped }: Wish,
): Promise<Difference> {
  const { optional, shared, bankId, wording: consent } = await offerChange(ctx, connectionId);
  const declined = optional.filter((id) => !wanted.includes(id));
  const added = optional.filter((id) => wanted.includes(id) && !shared.includes(id));
  const dropped = shared.filter((id) => declined.includes(id));
  if (added.length + dropped.length === 0) throw new AppError('invalid', 'nothing_changes');
  const bank = await getBank(ctx, bankId ?? '');
  const isErasing = erasesDropped && dropped.length > 0;
  const wording = changeWording({
    consent,
    bankName: bank.name,
    added,
    dropped,
    declined,
    erasesDropped: isErasing,
  });
  return { bank, wording, permissions: permissionsWithout(bank.permissions, declined), declined, isErasing };
}

/**
 * More or less shall be shared. TrueLayer changes no consent, so a new one takes the old one's place once it has fetched; until
 * then, and if nothing comes of it, everything is as before.
 * @throws {NotFoundError}; {@link AppError} conflict when it has ended or `words_changed`, invalid when nothing would change; {@link LinkUnavailableError}
 */
export async function startChange(ctx: Context, input: StartChangeInput): Promise<{ attemptId: string; url: string }> {
  const person = requirePerson(ctx.actor);
  const { connectionId, device, browserSecret, shown, ...wish } = StartChangeInput.parse(input);
  await takeFromLimit(TRIPS_PER_PERSON, person.userId);
  requireKnownGroups(wish.wanted);
  const settings = await getSettings(ctx);
  const difference = await offerDifference(ctx, { connectionId, ...wish });
  requireSameWords(difference.wording, shown);
  const { bank, wording, permissions, declined } = difference;
  const flow = flowTo(settings, bank);
  const attempt = createAttempt();
  await inTransaction(ctx, async (tx) => {
    const row = await loadConnection(tx, connectionId, { userId: true, endedAt: true, revokingSince: true });
    if (row.endedAt !== null || row.revokingSince !== null) throw new AppError('conflict', 'not_renewable');
    await writeAttempt(tx, {
      attempt,
      userId: row.userId,
      bankId: bank.id,
      connectionId,
      purpose: 'change',
      flow,
      permissions,
      erasesDropped: difference.isErasing,
      device,
      isAppReturn: false,
      browserSecret,
    });
    await tx.db.attempt.update({ where: { id: attempt.id }, data: { way: 'fresh_link' }, select: { id: true } });
    await keepReceipt(tx, {
      userId: row.userId,
      attemptId: attempt.id,
      connectionId,
      bankId: bank.id,
      bankName: bank.name,
      kind: 'change',
      wording,
      purposeText: wording.groups.map((group) => group.purpose).join(' '),
      permissions,
      declined,
    });
  });
  const { providers } = settings;
  const url = await linkOrFail(ctx, attempt, () =>
    makeFreshLink(ctx, { attempt, flow, providers, bankId: bank.id, permissions, mayDropPermissions: false }),
  );
  return { attemptId: attempt.id, url };
}
