import type { CardBalance } from '#lib/truelayer/account-schemas';
import { negate, signOf } from '#lib/truelayer/decimal';

/**
 * A card's figures with the usual signs: what is owed is positive, and so is what is left of the limit. A bank that turns
 * them round (Monzo, for Flex) sends both as negative.
 */
export function withUsualSigns(balance: CardBalance): CardBalance {
  const { current, effect, available, creditLimit } = balance;
  if (available === null || !isTurnedRound(current, available, creditLimit)) return balance;
  const limit = creditLimit !== null && signOf(creditLimit) === -1 ? negate(creditLimit) : creditLimit;
  return {
    ...balance,
    current: negate(current),
    effect: negate(effect),
    available: negate(available),
    creditLimit: limit,
  };
}

/**
 * What is owed and what is left add up to the limit, less pending payments. So both are negative on an ordinary card only when
 * it is in credit and pending payments go beyond that and the limit: then their sum is small, and not the limit's negative.
 * A card that is over its limit with nothing booked (0, and a little below 0) has ordinary signs too.
 */
function isTurnedRound(current: string, available: string, creditLimit: string | null): boolean {
  if (signOf(available) !== -1 || signOf(current) === 1) return false;
  const limit = creditLimit === null ? 0 : Math.abs(Number(creditLimit));
  if (signOf(current) === 0) return limit > 0 && Number(available) === -limit;
  // Only how large they are counts here, so floats do.
  return Number(current) + Number(available) <= -limit / 2;
}
