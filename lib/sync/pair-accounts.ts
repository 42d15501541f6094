import type { AccountKind } from '#lib/truelayer/call';

/** What there is to recognise an account by. */
export type AccountFace = {
  trueLayerId: string;
  kind: AccountKind;
  type: string | null;
  currency: string | null;
  cardNetwork: string | null;
  numberHash: Uint8Array | null;
};

export type FormerAccount = AccountFace & {
  id: string;
  /** Of the very connection that is listed; otherwise of one that has ended or waits for a sign-in. */
  isOfConnection: boolean;
  /** Whether it was there at the last listing. */
  isGone: boolean;
};

export type Pairing =
  | { kind: 'same'; id: string; by: 'id' | 'number' | 'elimination' }
  | { kind: 'new' }
  /** It may be one of these, and only the person knows. */
  | { kind: 'ask'; candidateIds: string[] };

/**
 * Finds each listed account's former self: by TrueLayer's id, then by the hash of its number, then because nothing else is
 * left. What could be either of two is asked, and is a new account until it is answered.
 */
export function pairAccounts(listed: readonly AccountFace[], former: readonly FormerAccount[]): Pairing[] {
  const pairings: (Pairing | null)[] = listed.map(() => null);
  const free = new Set(former);
  const settle = (index: number, match: FormerAccount, by: 'id' | 'number' | 'elimination') => {
    pairings[index] = { kind: 'same', id: match.id, by };
    free.delete(match);
  };
  const open = () => listed.flatMap((face, index) => (pairings[index] === null ? [{ face, index }] : []));

  for (const { face, index } of open()) {
    const [match] = [...free].filter((each) => each.trueLayerId === face.trueLayerId).sort(ownFirst);
    if (match !== undefined) settle(index, match, 'id');
  }
  for (const { face, index } of open()) {
    const rivals = open().filter((other) => isSameNumber(other.face, face));
    const [match, second] = [...free].filter((each) => isSameNumber(each, face)).sort(ownFirst);
    const isUnique = rivals.length === 1 && (second === undefined || second.isOfConnection !== match?.isOfConnection);
    if (match !== undefined && isUnique) settle(index, match, 'number');
  }
  // Accounts of this connection that were there a moment ago and have lost their ids: the new ones are among them.
  const lost = [...free].filter((each) => each.isOfConnection && !each.isGone);
  const unknown = open();
  for (const { face, index } of unknown) {
    const candidates = lost.filter((each) => isCompatible(each, face));
    const rivals = unknown.filter((other) => candidates.some((each) => isCompatible(each, other.face)));
    const [match] = candidates;
    if (match === undefined) continue;
    if (candidates.length === 1 && rivals.length === 1) settle(index, match, 'elimination');
    else pairings[index] = { kind: 'ask', candidateIds: candidates.map(({ id }) => id) };
  }
  return pairings.map((pairing) => pairing ?? { kind: 'new' });
}

function ownFirst(one: FormerAccount, other: FormerAccount): number {
  return Number(other.isOfConnection) - Number(one.isOfConnection);
}

function isSameNumber(one: AccountFace, other: AccountFace): boolean {
  return one.numberHash !== null && other.numberHash !== null && Buffer.from(one.numberHash).equals(other.numberHash);
}

/** Nothing speaks against it: two numbers that are known and differ do. */
function isCompatible(one: AccountFace, other: AccountFace): boolean {
  const isContradicted = one.numberHash !== null && other.numberHash !== null && !isSameNumber(one, other);
  return (
    !isContradicted &&
    one.type === other.type &&
    (one.currency === null || other.currency === null || one.currency === other.currency) &&
    one.cardNetwork === other.cardNetwork
  );
}
