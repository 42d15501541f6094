import type { World } from '#sandbox/world';

/** How a bank behaves, beside what it is called. Every trait can be overridden by the `banks` switch. */
export type BankTraits = {
  /** How long after a sign-in older rows, regular payments and identity may be read. Null: always. */
  sca_minutes: number | null;
  account_days: number;
  card_days: number;
  too_wide: 'refuse' | 'clamp';
  deep_refusal: 'sca_exceeded' | 'access_denied' | 'empty';
  list_needs_recent_login: boolean;
  /** Rows beyond this many are left out in silence. */
  rows_per_request: number | null;
  limit_per: 'account' | 'endpoint';
  /** Unattended calls in any 24 hours. Null: no limit. */
  unattended_limit: number | null;
  has_pending: boolean;
  allows_async: boolean;
  latency_ms: number;
  consent_days: number;
  can_extend: boolean;
  renews_account_ids: boolean;
  timestamps: 'day' | 'day_naive' | 'day_offset' | 'precise' | 'precise_offset';
  provider_ids: 'steady' | 'some' | 'none';
  order: 'newest_first' | 'oldest_first';
  merchant_in: 'merchant_name' | 'provider_merchant_name' | 'counter_party_preferred_name';
  card_signs: 'usual' | 'inverted';
};

export function traitsOf(world: World, bank: { id: string; country: string }): BankTraits {
  const { banks } = world.switches.current();
  return { ...knownTraits(bank.id, bank.country), ...given(banks['*']), ...given(banks[bank.id]) };
}

const given = (override: object = {}) =>
  Object.fromEntries(Object.entries(override).filter(([, value]) => value !== undefined));

const ordinary: BankTraits = {
  sca_minutes: 5,
  account_days: 730,
  card_days: 730,
  too_wide: 'clamp',
  deep_refusal: 'sca_exceeded',
  list_needs_recent_login: false,
  rows_per_request: null,
  limit_per: 'account',
  unattended_limit: 4,
  has_pending: true,
  allows_async: true,
  latency_ms: 0,
  consent_days: 90,
  can_extend: true,
  renews_account_ids: false,
  timestamps: 'day',
  provider_ids: 'steady',
  order: 'newest_first',
  merchant_in: 'merchant_name',
  card_signs: 'usual',
};

const sixYears = { account_days: 2190, card_days: 2190 };
const lloydsGroup: Partial<BankTraits> = { sca_minutes: 45, account_days: 2190, card_days: 180 };
const hsbcGroup: Partial<BankTraits> = { sca_minutes: 60, account_days: 2190, card_days: 180 };
const natwestGroup: Partial<BankTraits> = {
  ...hsbcGroup,
  timestamps: 'day_offset',
};
const revolut: Partial<BankTraits> = {
  ...sixYears,
  list_needs_recent_login: true,
  limit_per: 'endpoint',
  timestamps: 'precise',
};
const wise: Partial<BankTraits> = { ...sixYears, timestamps: 'precise' };

/** Minutes and days as a TrueLayer customer met them; which banks refuse and which clamp is ours. */
const families: [prefix: string, Partial<BankTraits>][] = [
  ['ob-aib', { rows_per_request: 100, provider_ids: 'none', timestamps: 'day_naive' }],
  ['ob-amex', { provider_ids: 'none', merchant_in: 'provider_merchant_name' }],
  ['ob-barclaycard', { timestamps: 'precise_offset' }],
  ['ob-barclays', { too_wide: 'refuse', provider_ids: 'some' }],
  ['ob-boi-ie', { account_days: 366, card_days: 366, renews_account_ids: true, provider_ids: 'none' }],
  ['ob-bos', lloydsGroup],
  ['ob-capital-one', { too_wide: 'refuse', timestamps: 'precise' }],
  ['ob-cashplus', sixYears],
  ['ob-chelsea', { ...sixYears, order: 'oldest_first' }],
  ['ob-danske', { sca_minutes: 15, account_days: 760, too_wide: 'refuse', deep_refusal: 'access_denied' }],
  ['ob-first-direct', hsbcGroup],
  ['ob-halifax', lloydsGroup],
  ['ob-hsbc', hsbcGroup],
  ['ob-lloyds', lloydsGroup],
  ['ob-mbna', lloydsGroup],
  ['ob-mettle', sixYears],
  ['ob-monzo', { ...sixYears, timestamps: 'precise', card_signs: 'inverted' }],
  ['ob-ms', hsbcGroup],
  ['ob-nationwide', { sca_minutes: 60, account_days: 450, card_days: 90, too_wide: 'refuse' }],
  ['ob-natwest', natwestGroup],
  ['ob-ptsb', { account_days: 366, card_days: 180, too_wide: 'refuse' }],
  ['ob-rbs', natwestGroup],
  ['ob-revolut', revolut],
  ['ob-santander', { has_pending: false, provider_ids: 'some', timestamps: 'day_naive' }],
  ['ob-starling', { ...sixYears, timestamps: 'precise', merchant_in: 'counter_party_preferred_name' }],
  ['ob-tesco', {}],
  ['ob-tide', { ...sixYears, sca_minutes: 10, timestamps: 'precise' }],
  ['ob-transferwise', wise],
  ['ob-tsb', { ...sixYears, sca_minutes: 10, timestamps: 'precise_offset' }],
  ['ob-ulster', natwestGroup],
  ['ob-virgin-money', { sca_minutes: 60, deep_refusal: 'access_denied' }],
  ['ob-yorkshire', { ...sixYears, order: 'oldest_first' }],
  // Neither limit was ever recorded at the mock bank.
  ['mock', { sca_minutes: null, unattended_limit: null }],
];

function knownTraits(id: string, country: string): BankTraits {
  const family = families.find(([prefix]) => id === prefix || id.startsWith(`${prefix}-`));
  const abroad = country === 'uk' ? {} : { consent_days: 180, can_extend: false };
  return { ...ordinary, ...abroad, ...family?.[1] };
}
