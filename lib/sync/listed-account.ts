import type { Account, Card } from '#lib/truelayer/account-schemas';
import type { AccountKind } from '#lib/truelayer/call';
import { type AccountNumbers, numbersOfAccount, numbersOfCard } from './account-number.ts';
import { withoutNul } from './without-nul.ts';

/** An account or a card as a bank lists it. */
export type ListedAccount = {
  kind: AccountKind;
  trueLayerId: string;
  type: string | null;
  displayName: string;
  currency: string | null;
  cardNetwork: string | null;
  cardType: string | null;
  numbers: AccountNumbers;
};

export function listedAccount(account: Account): ListedAccount {
  return withoutNul({
    kind: 'account',
    trueLayerId: account.accountId,
    type: account.type,
    displayName: account.displayName?.trim() || 'Account',
    currency: account.currency,
    cardNetwork: null,
    cardType: null,
    numbers: numbersOfAccount(account),
  });
}

export function listedCard(card: Card): ListedAccount {
  return withoutNul({
    kind: 'card',
    trueLayerId: card.accountId,
    type: null,
    displayName: card.displayName?.trim() || 'Card',
    currency: card.currency,
    cardNetwork: card.network,
    cardType: card.type,
    numbers: numbersOfCard(card),
  });
}
