/** Banks that TrueLayer has filed under another id in the course of time: the one that is gone, and what came in its place, what most people mean first. */
const RENAMED: readonly (readonly [before: string, after: readonly string[]])[] = [
  ['oauth-monzo', ['ob-monzo']],
  ['oauth-starling', ['ob-starling']],
  ['oauth-amex', ['ob-amex']],
  ['ob-lloyds-corporate', ['ob-lloyds-commercial']],
  ['ob-santander', ['ob-santander-personal', 'ob-santander-business']],
  // Clydesdale and Yorkshire Bank became Virgin Money in 2019, and one provider later.
  ['ob-clydesdale-bank', ['ob-virgin-money', 'ob-virgin-money-merged']],
  ['ob-yorkshire-bank', ['ob-virgin-money', 'ob-virgin-money-merged']],
  ['ob-virgin-money', ['ob-virgin-money-merged']],
];

/** Whether an account at one may have become an account at the other. */
export function isSameBank(formerId: string, bankId: string): boolean {
  return formerId === bankId || RENAMED.some(([before, after]) => before === formerId && after.includes(bankId));
}

/** The ids that came in the place of one that is gone. */
export function listSuccessors(formerId: string): readonly string[] {
  return RENAMED.find(([before]) => before === formerId)?.[1] ?? [];
}
