import type { TransactionLine } from '#lib/accounts/transaction-dto';
import { CATEGORIES, type Category, isCategory } from '#lib/enrich/categories';

const CATEGORY_WORDS: Readonly<Record<Category, string>> = {
  groceries: 'Groceries',
  eating_out: 'Eating out',
  transport: 'Getting around',
  travel: 'Travel',
  shopping: 'Shopping',
  home: 'Home',
  bills: 'Bills',
  health: 'Health and fitness',
  personal_care: 'Personal care',
  entertainment: 'Entertainment',
  education: 'Education',
  gifts: 'Gifts and donations',
  taxes: 'Taxes',
  business: 'Business',
  fees: 'Fees and interest',
  cash: 'Cash',
  investments: 'Investments',
  income: 'Money in',
  transfer: 'Transfer',
  other: 'Everything else',
};

export const CATEGORY_OPTIONS = CATEGORIES.map((value) => ({ value, label: CATEGORY_WORDS[value] }));

/** A category from a time with other ones is shown as it was written. */
export function categoryWords(category: string): string {
  return isCategory(category) ? CATEGORY_WORDS[category] : category;
}

/** Why it is called what it is called. */
export function nameReasonWords({ nameReason, name, description }: TransactionLine): string {
  switch (nameReason) {
    case 'edited':
      return 'You named it.';
    case 'always':
      return 'You named everything from here like this.';
    case 'truelayer':
      return 'TrueLayer recognised it for us.';
    case 'bank':
      return 'Your bank gave this name.';
    case 'known_name':
      return `We know ${name} by “${description}”.`;
    case 'tidied':
      return `We tidied up what your bank wrote: “${description}”.`;
    case 'as_written':
      return 'As your bank wrote it.';
  }
}

/** Why it is filed where it is. */
export function categoryReasonWords(line: TransactionLine): string {
  switch (line.categoryReason) {
    case 'edited':
      return 'You chose it.';
    case 'always':
      return `You chose it for everything from ${line.name}.`;
    case 'said_transfer':
      return 'You said that it moved between your own accounts.';
    case 'said_no_transfer':
      return 'You said that it isn’t a transfer, and we know nothing else.';
    case 'paired':
      return 'The same amount arrived in, or left, another account of yours.';
    case 'truelayer':
      return `TrueLayer says: ${line.classification.join(', ')}.`;
    case 'known_name':
      return 'That is what this name is mostly for.';
    case 'words':
      return `By a word in “${line.description}”.`;
    case 'bank_coding':
      return 'By how your bank marks it.';
    case 'money_in':
      return 'It came in, and nothing says more.';
    case 'nothing_known':
      return 'Neither your bank nor we know more.';
  }
}

const CADENCES: Readonly<Record<string, string>> = {
  weekly: 'Every week',
  fortnightly: 'Every two weeks',
  four_weekly: 'Every four weeks',
  monthly: 'Every month',
  quarterly: 'Every three months',
  yearly: 'Every year',
};

export function cadenceWords(cadence: string): string {
  return CADENCES[cadence] ?? 'Now and then';
}
