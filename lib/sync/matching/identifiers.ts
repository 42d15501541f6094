/** What banks write where they have no id, in letters and digits only. */
const PLACEHOLDERS = new Set(
  'notprovided notavailable notapplicable notknown noid noref noreference none null nil nan undefined unknown unavailable missing empty blank default unassigned pending generated reference transaction transactionid'.split(
    ' ',
  ),
);

/** Shorter ones, and numbers of up to five digits, are a row's place in an answer more often than its id. */
const MIN_LENGTH = 4;
const SHORT_NUMBER = /^\d{1,5}$/;
/** A calendar day, as `2026-03-08`, `20260308` or `08-03-2026`, and at most a counter of four digits. */
const DAY_AND_COUNTER = /^(?:\d{4}([-/.]?)\d{2}\1\d{2}|\d{2}([-/.])\d{2}\2\d{4})(?:[T ._:#/-]*\d{0,4})?$/;
const ONE_CHARACTER = /^(.)\1*$/u;

type Ids = { normalisedProviderTransactionId: string | null; providerTransactionId: string | null };

/**
 * The ids of a row that may tell it from others: not blank, not a placeholder, not a position. Each is marked with its kind,
 * because the two kinds are compared apart. Whether several rows share one is for the caller to find out.
 */
export function credibleIds({
  normalisedProviderTransactionId: normalised,
  providerTransactionId: provider,
}: Ids): string[] {
  const ids: string[] = [];
  if (normalised !== null && isCredible(normalised)) ids.push(`n:${normalised}`);
  if (provider !== null && isCredible(provider)) ids.push(`p:${provider}`);
  return ids;
}

export function isCredible(id: string): boolean {
  const trimmed = id.trim();
  const bare = trimmed.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
  if (bare.length < MIN_LENGTH || ONE_CHARACTER.test(bare) || PLACEHOLDERS.has(bare)) return false;
  return !SHORT_NUMBER.test(bare) && !DAY_AND_COUNTER.test(trimmed);
}
