import { z } from 'zod';
import { roundAmounts } from './currency-digits.ts';
import { negate } from './decimal.ts';
import { decimal, id, maybeCurrency, maybeDay, maybeDecimal, maybeInstant, maybeText, maybeUrl } from './tolerant.ts';

/** `provider` of an account or card. Only the id can be relied on; names and logos are in the list of banks. */
const bankOfRow = z
  .object({ provider_id: id.nullable().catch(null), display_name: maybeText, logo_uri: maybeUrl, logo_url: maybeUrl })
  .transform((wire) => ({
    bankId: wire.provider_id,
    displayName: wire.display_name,
    logoUrl: wire.logo_uri ?? wire.logo_url,
  }))
  .nullable()
  .catch(null);

/** TrueLayer writes these words where a bank gives no BIC. */
const bic = maybeText.transform((value) => (value?.startsWith('NOT_SUPPORTED_BY_') ? null : value));

const accountNumber = z
  .object({
    number: maybeText,
    sort_code: maybeText,
    iban: maybeText,
    swift_bic: bic,
    routing_number: maybeText,
    bsb: maybeText,
  })
  .catch({ number: null, sort_code: null, iban: null, swift_bic: null, routing_number: null, bsb: null })
  .transform((wire) => ({
    number: wire.number,
    sortCode: wire.sort_code,
    iban: wire.iban,
    swiftBic: wire.swift_bic,
    routingNumber: wire.routing_number,
    bsb: wire.bsb,
  }));

export type Account = z.output<typeof account>;
export const account = z
  .object({
    account_id: id,
    account_type: maybeText,
    display_name: maybeText,
    /** Left out by some banks: then the balance or the transactions name it. */
    currency: maybeCurrency,
    account_number: accountNumber,
    provider: bankOfRow,
    update_timestamp: maybeInstant,
  })
  .transform((wire) => ({
    accountId: wire.account_id,
    type: wire.account_type,
    displayName: wire.display_name,
    currency: wire.currency,
    accountNumber: wire.account_number,
    bank: wire.provider,
    updatedAt: wire.update_timestamp,
  }));

export type Card = z.output<typeof card>;
export const card = z
  .object({
    account_id: id,
    card_network: maybeText,
    card_type: maybeText,
    currency: maybeCurrency,
    display_name: maybeText,
    partial_card_number: maybeText,
    name_on_card: maybeText,
    valid_from: maybeText,
    valid_to: maybeText,
    provider: bankOfRow,
    update_timestamp: maybeInstant,
  })
  .transform((wire) => ({
    /** A card is addressed by it; there is no other id. */
    accountId: wire.account_id,
    network: wire.card_network,
    type: wire.card_type,
    currency: wire.currency,
    displayName: wire.display_name,
    partialCardNumber: wire.partial_card_number,
    nameOnCard: wire.name_on_card,
    validFromMonth: wire.valid_from,
    validToMonth: wire.valid_to,
    bank: wire.provider,
    updatedAt: wire.update_timestamp,
  }));

export type AccountBalance = z.output<typeof accountBalance>;
export const accountBalance = z
  .object({
    currency: maybeCurrency,
    current: decimal,
    available: maybeDecimal,
    overdraft: maybeDecimal,
    update_timestamp: maybeInstant,
  })
  .transform(({ currency, current, available, overdraft, update_timestamp: updatedAt }) => {
    const { kept, asSent } = roundAmounts({ current, available, overdraft }, currency);
    /** `effect` is what the person has by it; for an account the same as `current`. */
    return { kind: 'account' as const, currency, ...kept, effect: kept.current, amountsAsSent: asSent, updatedAt };
  });

export type CardBalance = z.output<typeof cardBalance>;
export const cardBalance = z
  .object({
    currency: maybeCurrency,
    current: decimal,
    available: maybeDecimal,
    credit_limit: maybeDecimal,
    last_statement_balance: maybeDecimal,
    last_statement_date: maybeDay,
    payment_due: maybeDecimal,
    payment_due_date: maybeDay,
    update_timestamp: maybeInstant,
  })
  .transform((wire) => {
    const { kept, asSent } = roundAmounts(
      {
        /** Owed to the issuer: positive means debt. */
        current: wire.current,
        available: wire.available,
        creditLimit: wire.credit_limit,
        lastStatementBalance: wire.last_statement_balance,
        paymentDue: wire.payment_due,
      },
      wire.currency,
    );
    return {
      kind: 'card' as const,
      currency: wire.currency,
      ...kept,
      effect: negate(kept.current),
      lastStatementOn: wire.last_statement_date,
      paymentDueOn: wire.payment_due_date,
      amountsAsSent: asSent,
      updatedAt: wire.update_timestamp,
    };
  });
