import { pickAt, type Random, seedOf } from './random.ts';
import type { Regular } from './regulars.ts';

const customers = ['ATLAS FITTINGS LTD', 'RIVERBANK SCHOOLS', 'OAKES & PARTNERS', 'HELIX EVENTS LTD'];

type BusinessOptions = { seed: number; random: Random; monthlySpendMinor: number };

/** A small firm: invoices paid by customers, wages, tax, rent and suppliers. */
export function makeBusiness({ seed, random, monthlySpendMinor }: BusinessOptions): Regular[] {
  const out: Regular[] = [
    line('standing_order', seed, 'Unit 7 Estates', 'UNIT 7 ESTATES', -145_000, 1, 'RENT UNIT 7', []),
    line('standing_order', seed, 'A Petrov', 'A PETROV WAGES', -random.int(180, 260) * 1000, 26, 'WAGES', []),
    line('direct_debit', seed, 'HMRC', 'HMRC NDDS', -random.int(60, 140) * 1000, 22, '120PX00418', [
      'Taxes',
      'State Tax',
    ]),
    line('direct_debit', seed, 'Brightwell Energy', 'BRIGHTWELL BUSINESS', -31_400, 9, '88120475', [
      'Bills and Utilities',
      'Utilities',
    ]),
    line('direct_debit', seed, 'Hyperlane Broadband', 'HYPERLANE BUSINESS', -5400, 14, '77200541', [
      'Bills and Utilities',
      'Internet',
    ]),
    line('subscription', seed, 'Ledgerly', 'LEDGERLY SOFTWARE', -2900, 3, 'LEDGERLY', [
      'Business Services',
      'Financial Services',
    ]),
  ];
  const outgoings = out.reduce((sum, regular) => sum - regular.amountMinor, monthlySpendMinor) * 1.08;
  const invoices = [4, 11, 18, 24].map((day, index) => {
    const customer = pickAt(customers, index);
    const amount = Math.ceil(outgoings / 400) * 100;
    return {
      ...line('salary', seed, customer, `${customer} INVOICE`, amount, day, `INV ${1040 + index}`, []),
      wanders: 0.2,
    };
  });
  return [...invoices, ...out];
}

function line(
  kind: Regular['kind'],
  seed: number,
  name: string,
  description: string,
  amountMinor: number,
  day: number,
  reference: string,
  classification: readonly string[],
): Regular {
  return {
    kind,
    seed: seedOf(seed, kind, name),
    name,
    description,
    amountMinor,
    wanders: 0,
    rhythm: { every: 'month', day },
    classification,
    merchant: classification.length > 0 ? name : null,
    reference,
    endedIn: null,
  };
}
