import 'server-only';
import type { BankSummary } from '#lib/banks/dto';
import type { Context } from '#lib/context/context';
import { env } from '#lib/env/env';
import { toFullDay, toLondonDay } from '#lib/format/day';
import { type Flow, getSettings, type Settings } from '#lib/settings/settings';
import { addMs, DAY_MS } from '#lib/time/span';
import { toPermissions } from '#lib/truelayer/permissions';
import { type ConsentWording, consentWording, HISTORY_TEXT } from './wording/consent-wording.ts';
import { DATA_GROUPS, type GroupId, OPTIONAL_GROUPS } from './wording/groups.ts';

/** Days that a consent lasts where the API names no end: UK (FCA), and the EEA. */
export function consentDaysIn(country: string): number {
  return country === 'uk' ? 90 : 180;
}

/**
 * The flow of a trip to this bank. What some banks ask before the login only TrueLayer's pages can ask: to them the way goes
 * through its dialog.
 */
export function flowTo(settings: Pick<Settings, 'flow'>, bank: BankSummary | null): Flow {
  return settings.flow === 'direct' && bank?.hasQuestions === true ? 'bank-selection' : settings.flow;
}

export type ConsentOffer = {
  /** Null where TrueLayer asks for the bank. */
  bankId: string | null;
  bankName: string | null;
  /** TrueLayer's own screen follows, and takes the consent. */
  isPreparation: boolean;
  wording: ConsentWording;
  optional: GroupId[];
};

/** What a person is asked at this bank: the page shows it, and the receipt keeps it. */
export async function offerConsent(ctx: Context, bank: BankSummary | null): Promise<ConsentOffer> {
  const settings = await getSettings(ctx);
  const isPreparation = flowTo(settings, bank) !== 'direct';
  const { company, trueLayer } = env();
  const endsOn = addMs(ctx.clock.now(), consentDaysIn(bank?.country ?? 'uk') * DAY_MS);
  const wording = consentWording({
    companyName: company.name,
    companyFirmReference: company.firmReference,
    privacyUrl: company.privacyUrl,
    clientRole: trueLayer.clientRole,
    bankName: bank?.name ?? null,
    country: bank?.country ?? null,
    permissions: toPermissions(bank?.permissions ?? settings.permissions),
    endsOn: toFullDay(toLondonDay(endsOn)),
    historyText: HISTORY_TEXT,
    isFollowedByTrueLayer: isPreparation,
  });
  const offered = wording.groups.map((group) => group.id);
  return {
    bankId: bank?.id ?? null,
    bankName: bank?.name ?? null,
    isPreparation,
    wording,
    optional: OPTIONAL_GROUPS.filter((id) => offered.includes(id)),
  };
}

/** The permissions that remain when some groups are declined. */
export function permissionsWithout(permissions: readonly string[], declined: readonly GroupId[]): string[] {
  const dropped: readonly string[] = DATA_GROUPS.filter((group) => declined.includes(group.id)).flatMap(
    (group) => group.permissions,
  );
  return permissions.filter((permission) => !dropped.includes(permission));
}
