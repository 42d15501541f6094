import { findBrand } from '#lib/enrich/brands';
import { cleanDescriptor } from '#lib/enrich/clean-descriptor';
import { enrichRow } from '#lib/enrich/enrich-row';

export type MerchantInput = {
  description: string;
  merchantName: string | null;
  currency: string;
  /** The bank's coding made uniform: `PURCHASE`. */
  coding: string;
  /** TrueLayer's class and sub-class, or nothing. */
  classification: readonly string[];
  /** ISO 18245 merchant category code, where the bank sends one. */
  mcc?: string | null;
};

/** How a merchant's final amount relates to the amount that is held while the transaction is pending. */
export type HoldKind = 'fuel' | 'transport' | 'lodging' | 'restaurant' | 'unknown' | 'none';

export type Merchant = {
  /** The description in capitals with single spaces. */
  text: string;
  /** The merchant as enrichment names it. */
  key: string;
  words: ReadonlySet<string>;
  /** The first word, however short: `7-11`, `O2`, `B&Q`. */
  head: string;
  kind: HoldKind;
  /** The text names a country or currency other than the row's. */
  isForeign: boolean;
};

/** 4: the same text or merchant. 3: one name contains the other. 2: a word in common. 1: one names nobody. 0: two merchants. */
export type Likeness = 0 | 1 | 2 | 3 | 4;

export function toMerchant(input: MerchantInput): Merchant {
  const text = input.description.normalize('NFKC').replace(/\s+/g, ' ').trim().toUpperCase();
  const cleaned = cleanDescriptor(input.description);
  const named = `${cleaned} ${(input.merchantName ?? '').toUpperCase()}`;
  const { merchantKey, category } = enrichRow({ ...input, merchantSource: null, isMoneyIn: false });
  const tokens = cleaned.match(/[\p{L}\p{N}][\p{L}\p{N}&'.-]*/gu) ?? [];
  return {
    text,
    key: merchantKey,
    words: new Set((named.match(/[\p{L}]{3,}/gu) ?? []).filter((word) => !COMMON.has(word))),
    head: tokens.find((token) => !COMMON.has(token)) ?? '',
    kind: kindOf(input, category, `${text} ${named}`),
    isForeign: isForeign(text, input.currency),
  };
}

export function likenessOf(one: Merchant, other: Merchant): Likeness {
  if (!isNamed(one) || !isNamed(other)) return 1;
  if (one.text === other.text || one.key === other.key) return 4;
  if (contains(one.words, other.words) || one.head === other.head || isPrefix(one.key, other.key)) return 3;
  return [...one.words].some((word) => other.words.has(word)) ? 2 : 0;
}

/** Words that stand in everybody's bookings. */
const COMMON = new Set(
  `CARD PAYMENT PAYMENTS PENDING VISA DEBIT CREDIT MASTERCARD MAESTRO PURCHASE CONTACTLESS TRANSACTION AUTHORISATION AUTHORIZATION
  AUTH HOLD RESERVED POS ONLINE THE AND TO AT ON OF LTD LIMITED PLC LLC INC GMBH STORE STORES SHOP RESTAURANT HOTEL HOTELS CAFE
  COM WWW CO UK GB GBR GBP EUR USD LONDON`.split(/\s+/),
);

/** Whether the text names a merchant at all, and not only how the money moved. */
export function isNamed({ head, words }: Merchant): boolean {
  return head !== '' || words.size > 0;
}

function contains(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const [small, large] = one.size <= other.size ? [one, other] : [other, one];
  return small.size > 0 && [...small].every((word) => large.has(word));
}

/** Banks cut names off: `AMZNMKTP`, `AMZNMKTPLACE`. */
function isPrefix(one: string, other: string): boolean {
  return Math.min(one.length, other.length) >= 5 && (one.startsWith(other) || other.startsWith(one));
}

const FUEL =
  /\b(?:PETROL|FUEL|PFS|PAY AT PUMP|FILLING STN|FILLING STATION|SERVICE STATION|GAS STATION|SHELL|BP|ESSO|TEXACO|GULF|JET|MURCO|APPLEGREEN|CIRCLE K|TOTALENERGIES|REPSOL|CEPSA|ARAL|OMV|Q8|CHEVRON|EXXON|MOBIL|IONITY|INSTAVOLT|GRIDSERVE|POD POINT|EV CHARG\w*)\b/;
const LODGING =
  /\b(?:HOTELS?|HOSTEL|MOTEL|INN|RESORT|HILTON|MARRIOTT|NOVOTEL|IBIS|MERCURE|RADISSON|HYATT|SHERATON|TRAVELODGE|BOOKING\.COM|AIRBNB|HERTZ|AVIS|EUROPCAR|SIXT|CAR (?:HIRE|RENTAL)|RENT A CAR)\b/;
const TRANSPORT =
  /\b(?:TFL|TRANSPORT|OYSTER|METRO|MTA|RATP|BVG|NS GROEP|OV ?PAY|BUS(?:ES)?|TRAM|RAIL|TAXI|CABS?|UBER|BOLT|LYFT|FREENOW|PARKING|RINGGO|TOLLS?)\b/;
const SIT_DOWN =
  /\b(?:(?:RESTAURANT|RISTORANTE|TRATTORIA|BISTRO|BRASSERIE|GRILL|BAR|PUB|TAVERN|CAFE|DINER|TANDOORI)\b|STEAK)/;

const KINDS_BY_MCC: readonly [from: number, to: number, kind: HoldKind][] = [
  [3351, 3441, 'lodging'],
  [3501, 3999, 'lodging'],
  [4111, 4131, 'transport'],
  [4784, 4789, 'transport'],
  [5541, 5542, 'fuel'],
  [5552, 5552, 'fuel'],
  [5811, 5814, 'restaurant'],
  [7011, 7011, 'lodging'],
  [7512, 7513, 'lodging'],
  [7523, 7523, 'transport'],
];

function kindOf({ classification, mcc }: MerchantInput, category: string, text: string): HoldKind {
  const code = mcc != null && /^\d{4}$/.test(mcc) ? Number(mcc) : null;
  if (code !== null) return KINDS_BY_MCC.find(([from, to]) => code >= from && code <= to)?.[2] ?? 'none';
  const said = classification.join(' ').toUpperCase();
  if (FUEL.test(text) || /\b(?:GAS|FUEL)\b/.test(said)) return 'fuel';
  if (/\bHOTEL|RENTAL CAR/.test(said) || LODGING.test(text)) return 'lodging';
  if (category === 'eating_out' || SIT_DOWN.test(text)) return 'restaurant';
  if (category === 'transport' || TRANSPORT.test(text)) return 'transport';
  return category === 'other' ? 'unknown' : 'none';
}

const EURO = 'AUT BEL DEU ESP FIN FRA GRC IRL ITA LUX NLD PRT AT BE DE ES FI FR GR IE IT LU NL PT';
const CURRENCY_BY_COUNTRY = new Map<string, string>([
  ...EURO.split(' ').map((country): [string, string] => [country, 'EUR']),
  ...['GB', 'GBR', 'UK'].map((country): [string, string] => [country, 'GBP']),
  ...['US', 'USA'].map((country): [string, string] => [country, 'USD']),
  ['CH', 'CHF'],
  ['CHE', 'CHF'],
  ['JP', 'JPY'],
  ['JPN', 'JPY'],
  ['SE', 'SEK'],
  ['SWE', 'SEK'],
  ['NO', 'NOK'],
  ['NOR', 'NOK'],
  ['DK', 'DKK'],
  ['DNK', 'DKK'],
  ['PL', 'PLN'],
  ['POL', 'PLN'],
]);

function isForeign(text: string, currency: string): boolean {
  if (/\b(?:NON[- ]STERLING|NON[- ]EURO|FOREIGN|FX RATE|EXCHANGE RATE|VISA RATE|MASTERCARD RATE)\b/.test(text))
    return true;
  const named = text.match(
    /\b(?:EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|HUF|AUD|CAD|NZD|TRY|AED|THB)(?= ?\d)|(?<=\d ?)(?:EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|HUF|AUD|CAD|NZD|TRY|AED|THB)\b/g,
  );
  if (named?.some((code) => code !== currency) === true) return true;
  const country = CURRENCY_BY_COUNTRY.get(text.slice(text.lastIndexOf(' ') + 1));
  return country !== undefined && text.includes(' ') && country !== currency;
}

/** Two brands that are both known and differ contradict each other, whatever the amounts say. */
export function areDifferentBrands(one: Merchant, other: Merchant): boolean {
  const [first, second] = [findBrand(cleanDescriptor(one.text)), findBrand(cleanDescriptor(other.text))];
  return first !== null && second !== null && first.key !== second.key;
}
