import { type FormerAccount, pairAccounts } from './pair-accounts.ts';

export type LoginMatch = {
  /** All accounts of the older login are accounts of the newer one too. */
  isSameLogin: boolean;
  /** Accounts that are surely the same. */
  twins: { laterId: string; earlierId: string }[];
  /** Accounts of the newer login that are one of several of the older one, which nothing tells apart. */
  unsure: { laterId: string; earlierIds: string[] }[];
};

/**
 * Compares the accounts of two logins at one bank, kind by kind. Ids and numbers (with currency, type and name, where several
 * accounts share a number) are the evidence; that two accounts are merely alike is none, since the logins may be two people's.
 */
export function compareLogins(later: readonly FormerAccount[], earlier: readonly FormerAccount[]): LoginMatch {
  const pairings = pairAccounts(later, earlier);
  const twins: LoginMatch['twins'] = [];
  const unsure: LoginMatch['unsure'] = [];
  for (const [index, pairing] of pairings.entries()) {
    const laterId = later[index]?.id;
    if (laterId === undefined) continue;
    if (pairing.kind === 'same' && pairing.by !== 'elimination') twins.push({ laterId, earlierId: pairing.id });
    if (pairing.kind === 'ask' && pairing.isNumberShared) unsure.push({ laterId, earlierIds: pairing.candidateIds });
  }
  const isTwin = ({ id }: FormerAccount) => twins.some(({ earlierId }) => earlierId === id);
  // Of accounts that share a number, as many have to be here as the older login has.
  const isAmong = ({ id }: FormerAccount) => {
    const sharing = unsure.filter(({ earlierIds }) => earlierIds.includes(id));
    return sharing.length >= (sharing[0]?.earlierIds.length ?? 1);
  };
  return { isSameLogin: earlier.length > 0 && earlier.every((one) => isTwin(one) || isAmong(one)), twins, unsure };
}
