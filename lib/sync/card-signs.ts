import type { CardBalance } from '#lib/truelayer/account-schemas';
import { negate, signOf } from '#lib/truelayer/decimal';

/**
 * A card's figures with the usual signs: what is owed is positive, and so is what is left of the limit. A bank that turns
 * them round (Monzo, for Flex) is known by a negative rest with nothing owed: no card has both.
 */
export function withUsualSigns(balance: CardBalance): CardBalance {
  const { current, effect, available } = balance;
  if (available === null || signOf(available) !== -1 || signOf(current) === 1) return balance;
  return { ...balance, current: negate(current), effect: negate(effect), available: negate(available) };
}
