import type { CategoryReason, MerchantReason, RowEnrichment } from './enrich-row.ts';

/** What a person said about a row, and about its merchant once and for all. */
export type EditWords = { merchantName: string | null; category: string | null; isTransfer: boolean | null };
export type RuleWords = { merchantName: string | null; category: string | null };

export type Said = { edit: EditWords | null; rule: RuleWords | null; isPaired: boolean };

/** As stored: the category of an older edition of the rules may be one that is none any more. */
export type Worked = Omit<RowEnrichment, 'category' | 'isTransferLike'> & { category: string };

export type Told = {
  name: string;
  nameReason: MerchantReason | 'edited' | 'always';
  category: string;
  categoryReason: CategoryReason | 'edited' | 'said_transfer' | 'said_no_transfer' | 'always' | 'paired';
};

/** Lays a person's words over what was worked out: what they said about the row, then about the merchant, then ours. */
export function applyWords(worked: Worked, said: Said): Told {
  return { ...nameOf(worked, said), ...categoryOf(worked, said) };
}

function nameOf(worked: Worked, { edit, rule }: Said) {
  if (edit?.merchantName != null) return { name: edit.merchantName, nameReason: 'edited' as const };
  if (rule?.merchantName != null) return { name: rule.merchantName, nameReason: 'always' as const };
  return { name: worked.merchantName, nameReason: worked.merchantReason };
}

function categoryOf(worked: Worked, { edit, rule, isPaired }: Said): Pick<Told, 'category' | 'categoryReason'> {
  if (edit?.category != null) return { category: edit.category, categoryReason: 'edited' };
  if (edit?.isTransfer === true) return { category: 'transfer', categoryReason: 'said_transfer' };
  if (rule?.category != null) return { category: rule.category, categoryReason: 'always' };
  if (isPaired && edit?.isTransfer !== false) return { category: 'transfer', categoryReason: 'paired' };
  if (edit?.isTransfer === false && worked.category === 'transfer') {
    return { category: 'other', categoryReason: 'said_no_transfer' };
  }
  return { category: worked.category, categoryReason: worked.categoryReason };
}
