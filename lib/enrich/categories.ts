/** What money is for. A `transfer` has only changed its place, or its owner for no known reason: it isn't counted as spending. */
export const CATEGORIES = [
  'groceries',
  'eating_out',
  'transport',
  'travel',
  'shopping',
  'home',
  'bills',
  'health',
  'personal_care',
  'entertainment',
  'education',
  'gifts',
  'taxes',
  'business',
  'fees',
  'cash',
  'investments',
  'income',
  'transfer',
  'other',
] as const;

export type Category = (typeof CATEGORIES)[number];

export function isCategory(text: string): text is Category {
  return CATEGORIES.some((category) => category === text);
}

/** TrueLayer's sub-classes that say more than their class does. */
const SUB_CLASSES: Readonly<Record<string, Category>> = {
  groceries: 'groceries',
  'shopping home': 'home',
  'auto & transport auto insurance': 'bills',
  'travel rental car & taxi': 'transport',
};

const CLASSES: Readonly<Record<string, Category>> = {
  'auto & transport': 'transport',
  'bills & utilities': 'bills',
  'business services': 'business',
  education: 'education',
  entertainment: 'entertainment',
  'fees & charges': 'fees',
  'food & dining': 'eating_out',
  'gifts & donations': 'gifts',
  'health & fitness': 'health',
  home: 'home',
  investments: 'investments',
  kids: 'other',
  'pension & insurances': 'bills',
  'personal care': 'personal_care',
  'personal services': 'personal_care',
  pets: 'other',
  shopping: 'shopping',
  taxes: 'taxes',
  transfer: 'transfer',
  travel: 'travel',
};

/** Null where TrueLayer says nothing, `Uncategorized`, or a class that is new to us. */
export function categoryOfClassification(classification: readonly string[]): Category | null {
  const [main = '', sub = ''] = classification.map(spelled);
  return SUB_CLASSES[`${main} ${sub}`] ?? SUB_CLASSES[sub] ?? CLASSES[main] ?? null;
}

function spelled(text: string): string {
  return text.trim().toLowerCase().replaceAll(' and ', ' & ');
}

/** The bank's own coding, where it is about more than the way in which the money moved. */
const CODINGS: Readonly<Record<string, Category>> = {
  ATM: 'cash',
  CASH: 'cash',
  CASHBACK: 'cash',
  FEE_CHARGE: 'fees',
  DIVIDEND: 'income',
  TRANSFER: 'transfer',
};

export function categoryOfCoding(coding: string, isMoneyIn: boolean): Category | null {
  if (coding === 'INTEREST') return isMoneyIn ? 'income' : 'fees';
  if (coding === 'DIRECT_DEBIT' && !isMoneyIn) return 'bills';
  return CODINGS[coding] ?? null;
}
