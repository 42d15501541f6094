import 'server-only';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { takeForCaller } from '#lib/limits/take';
import { getSettings } from '#lib/settings/settings';
import { createAttempt, type NewAttempt } from './attempt.ts';
import { type ConsentOffer, flowTo, offerConsent, permissionsWithout } from './consent-offer.ts';
import { makeFreshLink } from './fresh-link.ts';
import { keepReceipt } from './keep-receipt.ts';
import { getLinkableBank } from './linkable-bank.ts';
import { type GroupId, requireKnownGroups } from './wording/groups.ts';
import { requireSameWords } from './words-mark.ts';
import { linkOrFail, TRIPS_PER_PERSON, writeAttempt } from './write-attempt.ts';

export const StartAttemptInput = z.object({
  /** Null in the dialog flow, where TrueLayer shows the banks. */
  bankId: z.string().min(1).max(100).nullable(),
  /** Optional groups of data that the person doesn't want to share. */
  declined: z.array(z.string()).default([]),
  isAppReturn: z.boolean().default(false),
  device: z.enum(['phone', 'tablet', 'desktop']),
  browserSecret: z.string().min(20),
  /** The mark of the words that were on the page. */
  shown: z.string(),
});

export type StartAttemptInput = z.input<typeof StartAttemptInput>;

export type StartedAttempt = { attemptId: string; url: string };

/**
 * Begins a trip to a bank: notes what was agreed to, and gives the address that the browser is sent to.
 * @throws {AppError} unauthenticated, not_found (bank), rate_limited, conflict `words_changed`; {@link LinkUnavailableError}
 */
export async function startAttempt(ctx: Context, input: StartAttemptInput): Promise<StartedAttempt> {
  const person = requirePerson(ctx.actor);
  const parsed = StartAttemptInput.parse(input);
  await takeForCaller(ctx, TRIPS_PER_PERSON);
  const settings = await getSettings(ctx);
  const bank = parsed.bankId === null ? null : await getLinkableBank(ctx, parsed.bankId);
  if (bank === null && settings.flow !== 'dialog') throw new AppError('invalid', 'bank_missing');

  const flow = flowTo(settings, bank);
  const offer = await offerConsent(ctx, bank);
  requireSameWords(offer.wording, parsed.shown);
  requireKnownGroups(parsed.declined);
  const declined = offer.optional.filter((id) => parsed.declined.includes(id));
  const permissions = permissionsWithout(bank?.permissions ?? settings.permissions, declined);
  const attempt = createAttempt();
  await inTransaction(ctx, async (tx) => {
    await writeAttempt(tx, {
      attempt,
      userId: person.userId,
      bankId: bank?.id ?? null,
      connectionId: null,
      purpose: 'connect',
      flow,
      permissions,
      device: parsed.device,
      isAppReturn: parsed.isAppReturn,
      browserSecret: parsed.browserSecret,
    });
    await keepOffer(tx, { attempt, userId: person.userId, offer, declined, permissions });
  });
  // In the dialog flow TrueLayer asks for the bank, whatever was chosen before.
  const bankId = flow === 'dialog' ? null : (bank?.id ?? null);
  const url = await linkOrFail(ctx, attempt, () =>
    makeFreshLink(ctx, {
      attempt,
      flow,
      providers: settings.providers,
      bankId,
      permissions,
      mayDropPermissions: true,
    }),
  );
  return { attemptId: attempt.id, url };
}

type OfferToKeep = {
  attempt: NewAttempt;
  userId: string;
  offer: ConsentOffer;
  declined: GroupId[];
  permissions: string[];
};

/** What was on the page, word for word. */
async function keepOffer(ctx: Context, input: OfferToKeep): Promise<void> {
  const { attempt, userId, declined, permissions } = input;
  const { wording, bankId, bankName, isPreparation } = input.offer;
  const agreed = wording.groups.filter((group) => !declined.includes(group.id));
  await keepReceipt(ctx, {
    userId,
    attemptId: attempt.id,
    connectionId: null,
    bankId,
    bankName,
    // TrueLayer's own screen takes the legal consent where one follows ours; ours then informed.
    kind: isPreparation ? 'information' : 'consent',
    wording,
    purposeText: agreed.map((group) => group.purpose).join(' '),
    permissions,
    declined,
  });
}
