import { findBrand, keyOf } from './brands.ts';
import { type Category, categoryOfClassification, categoryOfCoding } from './categories.ts';
import { cleanDescriptor, toTitle } from './clean-descriptor.ts';

/** The edition of the rules in this room. A higher one has every row worked out again, after its account's next sync or replay. */
export const RULES = 1;

/** Where a name comes from, the best first. */
export type MerchantReason = 'truelayer' | 'bank' | 'known_name' | 'tidied' | 'as_written';

/** Where a category comes from, the best first; `edited`, `always` and `paired` only once a row is read. */
export type CategoryReason = 'truelayer' | 'known_name' | 'words' | 'bank_coding' | 'money_in' | 'nothing_known';

export type EnrichInput = {
  description: string;
  merchantName: string | null;
  /** Which of the wire's fields the name stood in. */
  merchantSource: string | null;
  /** The bank's coding, made uniform: `PURCHASE`. */
  coding: string;
  classification: readonly string[];
  isMoneyIn: boolean;
};

export type RowEnrichment = {
  merchantKey: string;
  merchantName: string;
  merchantReason: MerchantReason;
  category: Category;
  categoryReason: CategoryReason;
  /** Something in it speaks for its being one side of the person's own money that moves, and nothing against it. */
  isTransferLike: boolean;
};

/** What can be said of one row by itself: TrueLayer's word first, then the bank's, then what we know, then what we guess. */
export function enrichRow(input: EnrichInput): RowEnrichment {
  const cleaned = cleanDescriptor(input.description);
  const brand = findBrand(cleaned) ?? findBrand((input.merchantName ?? '').trim().toUpperCase());
  const merchant = nameOf(input, cleaned, brand?.name ?? null);
  const isTransferLike = looksLikeTransfer(input);
  return {
    merchantKey: brand?.key ?? keyOf(merchant.merchantName),
    ...merchant,
    ...categorise(input, brand?.category ?? null),
    isTransferLike,
  };
}

function nameOf(
  { merchantName, merchantSource, description }: EnrichInput,
  cleaned: string,
  brandName: string | null,
): Pick<RowEnrichment, 'merchantName' | 'merchantReason'> {
  const given = merchantName?.trim() ?? '';
  if (given !== '') {
    const isShouted = given === given.toUpperCase() && given.length > 4;
    const isTrueLayers = merchantSource === null || merchantSource === 'merchant_name';
    return {
      merchantName: isShouted ? (brandName ?? toTitle(given)) : given,
      merchantReason: isTrueLayers ? 'truelayer' : 'bank',
    };
  }
  if (brandName !== null) return { merchantName: brandName, merchantReason: 'known_name' };
  const title = toTitle(cleaned);
  const asWritten = description.trim();
  if (title === '' || title === asWritten)
    return { merchantName: asWritten || 'No description', merchantReason: 'as_written' };
  return { merchantName: title, merchantReason: 'tidied' };
}

const WORDS: readonly (readonly [Pick<RegExp, 'test'>, Category, 'in' | 'out' | 'both'])[] = [
  [/\b(?:SALARY|PAYROLL|WAGES|DWP|UNIVERSAL CREDIT|CHILD BENEFIT|PENSION|DIVIDEND)\b/, 'income', 'in'],
  [{ test: isThanksForPayment }, 'transfer', 'both'],
  [/\b(?:OWN ACCOUNT|TO SAVINGS|FROM SAVINGS|SAVINGS POT|ROUND ?UP)\b/, 'transfer', 'both'],
  [/\b(?:COUNCIL TAX|COUNCIL|BOROUGH OF|HMRC)\b/, 'taxes', 'out'],
  [/\b(?:RENT|LETTINGS|LANDLORD|MORTGAGES?)\b/, 'home', 'out'],
  [/\b(?:ENERGY|ELECTRIC|WATER|BROADBAND|TELECOM|INSURANCE|ASSURANCE)\b/, 'bills', 'out'],
  [/\b(?:TRANSACTION FEE|ACCOUNT FEE|OVERDRAFT|LATE PAYMENT|INTEREST CHARGED|INTEREST ON)\b/, 'fees', 'out'],
  [/\b(?:CASH MACHINE|CASH WITHDRAWAL|CASHPOINT|ATM)\b/, 'cash', 'both'],
  [/\b(?:RESTAURANT|CAFE|COFFEE|PIZZA|KITCHEN|BAKERY|TAKEAWAY|TAVERN|PUB|SUSHI|BURGER)\b/, 'eating_out', 'both'],
  [/\b(?:PHARMACY|DENTAL|DENTIST|CLINIC|OPTICIANS?|GYM)\b/, 'health', 'both'],
  [/\b(?:PARKING|TAXI|CABS?|RAILWAY|TRAINS|PETROL|GARAGE)\b/, 'transport', 'both'],
  [/\b(?:HOTEL|HOSTEL|AIRLINES?|AIRWAYS)\b/, 'travel', 'both'],
  [/\b(?:DONATION|CHARITY|JUSTGIVING|GOFUNDME)\b/, 'gifts', 'both'],
];

function isThanksForPayment(text: string): boolean {
  if (/\bTHANK YOU\b/.test(text)) return true;
  const received = text.search(/\bPAYMENT RECEIVED\b/);
  return received !== -1 && /\bTHANK/.test(text.slice(received));
}

function categorise(input: EnrichInput, ofBrand: Category | null): Pick<RowEnrichment, 'category' | 'categoryReason'> {
  const { isMoneyIn, coding } = input;
  const classified = categoryOfClassification(input.classification);
  if (classified !== null) return { category: classified, categoryReason: 'truelayer' };
  const coded = categoryOfCoding(coding, isMoneyIn);
  // The bank knows for sure what it charged and paid by itself, and what came out of a machine.
  if (coded !== null && CERTAIN_CODINGS.has(coding)) return { category: coded, categoryReason: 'bank_coding' };
  if (ofBrand !== null) return { category: ofBrand, categoryReason: 'known_name' };
  const text = ` ${input.description.toUpperCase()} `;
  const direction = isMoneyIn ? 'in' : 'out';
  const word = WORDS.find(([pattern, , way]) => (way === 'both' || way === direction) && pattern.test(text));
  if (word !== undefined) return { category: word[1], categoryReason: 'words' };
  if (coded !== null) return { category: coded, categoryReason: 'bank_coding' };
  if (isMoneyIn) return { category: 'income', categoryReason: 'money_in' };
  return { category: 'other', categoryReason: 'nothing_known' };
}

const CERTAIN_CODINGS = new Set(['ATM', 'FEE_CHARGE', 'INTEREST', 'DIVIDEND']);

/** Shops, machines, fees and interest are never one's own other account. */
export const NEVER_TRANSFERS: readonly string[] =
  'PURCHASE ATM CASH CASHBACK FEE_CHARGE INTEREST DIVIDEND CHEQUE'.split(' ');
const TRANSFER_WORDS =
  /\b(?:TRANSFER|TFR|TRF|FPO|FPI|FASTER PAYMENTS?|STANDING ORDER|SAVINGS?|SAVER|ISA|OWN ACCOUNT|POT|CREDIT CARD|PAYMENT RECEIVED|THANK YOU|AMEX|AMERICAN EXP\w*|BARCLAYCARD|MBNA|CAPITAL ONE|MONZO|STARLING|REVOLUT)\b/;

function looksLikeTransfer({ coding, description, classification }: EnrichInput): boolean {
  if (NEVER_TRANSFERS.includes(coding)) return false;
  const classified = categoryOfClassification(classification);
  if (classified !== null && classified !== 'transfer') return false;
  return coding === 'TRANSFER' || TRANSFER_WORDS.test(description.toUpperCase());
}
