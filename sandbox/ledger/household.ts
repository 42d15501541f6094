import type { Region } from './places.ts';
import { pickAt, type Random, seedOf } from './random.ts';
import type { Regular } from './regulars.ts';

type Bill = [name: string, description: string, low: number, high: number, classification: readonly string[]];

const utilities = ['Bills and Utilities', 'Utilities'];
const internet = ['Bills and Utilities', 'Internet'];
const mobile = ['Bills and Utilities', 'Mobile Phone'];
const television = ['Bills and Utilities', 'Television'];
const gym = ['Health & Fitness', 'Gym'];
const charity = ['Gifts & Donations', 'Charity'];

const bills: Record<Region, Bill[]> = {
  uk: [
    ['Brightwell Energy', 'BRIGHTWELL ENERGY', 8900, 17400, utilities],
    ['Thames Valley Water', 'THAMES VALLEY WATER', 2900, 4800, utilities],
    ['Hyperlane Broadband', 'HYPERLANE BROADBAND', 2799, 4200, internet],
    ['EE', 'EE LIMITED', 1400, 3800, mobile],
    ['TV Licence', 'TV LICENCE MBP', 1454, 1454, television],
    ['Harbour Insurance', 'HARBOUR INSURANCE', 1890, 5200, ['Auto & Transport', 'Auto Insurance']],
    ['PureGym', 'PUREGYM LTD', 1999, 2799, gym],
    ['Shelter', 'SHELTER DONATION', 500, 1500, charity],
  ],
  ie: [
    ['Lee Energy', 'LEE ENERGY DAC', 9900, 18800, utilities],
    ['Hyperlane Ireland', 'HYPERLANE IRELAND', 4000, 6000, internet],
    ['Shamrock Mobile', 'SHAMROCK MOBILE', 1500, 3500, mobile],
    ['Harbour Insurance', 'HARBOUR INSURANCE DAC', 2890, 7200, ['Auto & Transport', 'Auto Insurance']],
    ['Flyefit', 'FLYEFIT', 2999, 3499, gym],
  ],
  eu: [
    ['Stadtwerke', 'STADTWERKE ENERGIE', 8900, 16400, utilities],
    ['Hyperlane Europe', 'HYPERLANE EUROPE SA', 2999, 4400, internet],
    ['Mobilink', 'MOBILINK TELECOM', 999, 2900, mobile],
    ['Fitness Nord', 'FITNESS NORD', 1999, 3499, gym],
  ],
};

const subscriptions: Bill[] = [
  ['Netflix', 'NETFLIX.COM', 599, 1299, ['Entertainment', 'Movies & DVDs']],
  ['Spotify', 'SPOTIFY P##########', 1199, 1199, ['Entertainment', 'Music']],
  ['iCloud', 'APPLE.COM/BILL', 99, 899, ['Shopping', 'Electronics & Software']],
  ['The Weekly Ledger', 'THE WEEKLY LEDGER', 499, 1499, ['Entertainment', 'Newspaper & Magazines']],
];

const employers = [
  'NORTHFIELD SYSTEMS LTD',
  'ST BRIDES HOSPITAL TRUST',
  'HALDEN ARCHITECTS LLP',
  'MERIDIAN LOGISTICS PLC',
];
const landlords = ['R OKAFOR LETTINGS', 'PARKSIDE HOMES', 'M LINDQVIST'];

type HouseholdOptions = { seed: number; region: Region; random: Random; monthlySpendMinor: number };

/** The standing part of somebody's month, balanced so that the salary carries what goes out. */
export function makeHousehold({ seed, region, random, monthlySpendMinor }: HouseholdOptions): Regular[] {
  const chosen = bills[region].filter((_, index) => index < 4 || random.chance(0.6));
  const out: Regular[] = [
    ...chosen.map((bill, index) =>
      fromBill('direct_debit', seed, bill, 2 + ((index * 5 + random.int(0, 4)) % 24), random),
    ),
    ...subscriptions
      .filter(() => random.chance(0.6))
      .map((bill) => fromBill('subscription', seed, bill, random.int(3, 26), random)),
    homePayment(seed, random),
    ...(region === 'uk' ? [councilTax(seed, random), endedMandate(seed)] : []),
    ...(random.chance(0.6) ? [cleaner(seed)] : []),
  ];
  const outgoings = out.reduce((sum, regular) => sum - perMonth(regular), monthlySpendMinor);
  return [salary(seed, Math.ceil((outgoings * 1.06) / 500) * 500, random), ...out];
}

function perMonth(regular: Regular): number {
  if (regular.endedIn !== null) return 0;
  return regular.rhythm.every === 'week' ? regular.amountMinor * 4.35 : regular.amountMinor;
}

function fromBill(kind: Regular['kind'], seed: number, bill: Bill, day: number, random: Random): Regular {
  const [name, text, low, high, classification] = bill;
  const own = seedOf(seed, kind, name);
  return {
    kind,
    seed: own,
    name,
    description: text.replace(/#/g, () => String(random.int(0, 9))),
    amountMinor: -random.int(low, high),
    wanders: classification === utilities ? 0.12 : 0,
    rhythm: { every: 'month', day },
    classification,
    merchant: name,
    reference: `${own % 1_000_000_000}`.padStart(9, '0'),
    endedIn: null,
  };
}

function salary(seed: number, amountMinor: number, random: Random): Regular {
  const employer = pickAt(employers, seed);
  return regular(
    'salary',
    seed,
    employer,
    `${employer} SALARY`,
    amountMinor,
    random.int(25, 28),
    `PAYROLL ${seed % 9973}`,
  );
}

function homePayment(seed: number, random: Random): Regular {
  const landlord = pickAt(landlords, seed >>> 3);
  const rent = -random.int(160, 300) * 500;
  if (random.chance(0.55)) return regular('standing_order', seed, landlord, landlord, rent, 1, 'RENT FLAT 4');
  const mortgage = regular('direct_debit', seed, 'Castle Mortgages', 'CASTLE MORTGAGES', rent, 1, '7700214458');
  return { ...mortgage, classification: ['Home', 'Mortgage'], merchant: 'Castle Mortgages' };
}

function councilTax(seed: number, random: Random): Regular {
  const tax = regular(
    'direct_debit',
    seed,
    'Camden Vale Council',
    'CAMDEN VALE COUNCIL',
    -random.int(11_200, 19_800),
    5,
    '40118837',
  );
  // Ten instalments, from April to January.
  return {
    ...tax,
    rhythm: { every: 'month', day: 5, months: [4, 5, 6, 7, 8, 9, 10, 11, 12, 1] },
    classification: ['Taxes', 'Local Tax'],
    merchant: 'Camden Vale Council',
  };
}

function endedMandate(seed: number): Regular {
  const old = regular('direct_debit', seed, 'Oldline Telecom', 'OLDLINE TELECOM', -2450, 14, '220145');
  return { ...old, classification: internet, merchant: 'Oldline Telecom', endedIn: 2025 * 12 + (seed % 12) };
}

function cleaner(seed: number): Regular {
  const payment = regular('standing_order', seed, 'K Nowak', 'K NOWAK', -3200, 1, 'CLEANING');
  return { ...payment, rhythm: { every: 'week', weekday: 1 + (seed % 5) } };
}

function regular(
  kind: Regular['kind'],
  seed: number,
  name: string,
  description: string,
  amountMinor: number,
  day: number,
  reference: string,
): Regular {
  return {
    kind,
    seed: seedOf(seed, kind, name),
    name,
    description,
    amountMinor,
    wanders: 0,
    rhythm: { every: 'month', day },
    classification: [],
    merchant: null,
    reference,
    endedIn: null,
  };
}
