import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { env } from '#lib/env/env';
import { toFullDay, toLondonDay } from '#lib/format/day';
import { addMs, DAY_MS } from '#lib/time/span';
import { toPermissions } from '#lib/truelayer/permissions';
import { consentDaysIn } from './consent-offer.ts';
import { loadConnection } from './internal.ts';
import type { ConsentWording } from './wording/consent-wording.ts';
import { reconfirmWording } from './wording/reconfirm-wording.ts';

/**
 * What the person is asked when it is time to say whether to go on: the page shows it, and the receipt keeps it.
 * @throws {NotFoundError}
 */
export async function offerRenewal(ctx: Context, connectionId: string): Promise<ConsentWording> {
  requirePerson(ctx.actor);
  const row = await loadConnection(ctx, connectionId, {
    bankName: true,
    bank: { select: { country: true } },
    permissions: { select: { permission: true } },
  });
  const { company, trueLayer } = env();
  const endsAt = addMs(ctx.clock.now(), consentDaysIn(row.bank.country) * DAY_MS);
  return reconfirmWording({
    companyName: company.name,
    companyFirmReference: company.firmReference,
    privacyUrl: company.privacyUrl,
    clientRole: trueLayer.clientRole,
    bankName: row.bankName,
    country: row.bank.country,
    permissions: toPermissions(row.permissions.map(({ permission }) => permission)),
    endsOn: toFullDay(toLondonDay(endsAt)),
    historyText: 'What is here stays, and what is new since the last update is added.',
  });
}
