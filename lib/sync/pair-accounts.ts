import type { AccountKind } from '#lib/truelayer/call';

/** What an account is recognised by. Null: the bank didn't say. */
export type AccountFace = {
  trueLayerId: string;
  kind: AccountKind;
  type: string | null;
  name: string;
  currency: string | null;
  cardNetwork: string | null;
  numberHash: Uint8Array | null;
};

export type FormerAccount = AccountFace & {
  id: string;
  /** Of the connection that is listed; otherwise of one that can fetch no more. */
  isOfConnection: boolean;
  /** For how many days the bank has left it out of its lists; null while it is listed. */
  goneDays: number | null;
  /** Joined into another account, which stands for it where the user is asked. */
  isJoined: boolean;
};

export type AskReason = 'ambiguous' | 'number_changed';

export type Pairing =
  | { kind: 'same'; id: string; by: 'id' | 'number' | 'elimination' }
  | { kind: 'new' }
  /** It may be one of these, and only the user knows. `isNumberShared`: it is surely one of them, all have its number. */
  | { kind: 'ask'; candidateIds: string[]; reason: AskReason; isNumberShared: boolean };

/**
 * A replacement comes within weeks, but the old card is missed only when the bank lists again, at the next sign-in: at most
 * 180 days later, the longest time between two authentications. Later, only common transactions raise the question.
 */
export const REPLACED_WITHIN_DAYS = 180;

type Test = (listed: AccountFace, former: FormerAccount) => boolean;

/** Evidence that two accounts are the same, strongest first. The first two of the table in README.md; each holds alone. */
const CERTAIN: readonly { by: 'id' | 'number'; test: Test }[] = [
  { by: 'id', test: (one, other) => isSameId(one, other) && !isOtherAccount(one, other) },
  { by: 'number', test: (one, other) => isSamePocket(one, other) && isSameType(one, other) && isSameName(one, other) },
  { by: 'number', test: (one, other) => isSamePocket(one, other) && isSameType(one, other) },
  { by: 'number', test: (one, other) => isSamePocket(one, other) && isSameName(one, other) },
  { by: 'number', test: isSamePocket },
  { by: 'number', test: (one, other) => isSameNumber(one, other) && isCurrencyCompatible(one, other) },
];

/**
 * Finds which known account each listed one is. What is certain is taken, the strongest evidence first; what is possible is
 * asked, and is a new account until it is answered. Pure; the rules are a table in README.md.
 */
export function pairAccounts(listed: readonly AccountFace[], former: readonly FormerAccount[]): Pairing[] {
  const pairings: (Pairing | null)[] = listed.map(() => null);
  const free = new Set(former);
  const open = () => listed.flatMap((face, index) => (pairings[index] === null ? [{ face, index }] : []));
  const settle = (index: number, match: FormerAccount, by: 'id' | 'number' | 'elimination') => {
    pairings[index] = { kind: 'same', id: match.id, by };
    free.delete(match);
  };
  for (const { by, test } of CERTAIN) {
    for (const { face, index } of open()) {
      const [match, second] = preferred([...free].filter((each) => each.kind === face.kind && test(face, each)));
      if (match === undefined || second !== undefined) continue;
      if (open().filter((other) => other.face.kind === match.kind && test(other.face, match)).length === 1) {
        settle(index, match, by);
      }
    }
  }
  const unknown = open();
  const askable = () => [...free].filter(({ isJoined }) => !isJoined);
  const isLeftOver: Test = (face, each) => each.isOfConnection && each.goneDays === null && isCompatible(face, each);
  for (const { face, index } of unknown) {
    const sharing = askable().filter((each) => CERTAIN.some(({ test }) => each.kind === face.kind && test(face, each)));
    const [match, second] = askable().filter((each) => isLeftOver(face, each));
    const rivals = unknown.filter((other) => match !== undefined && isLeftOver(other.face, match));
    if (sharing.length > 0) pairings[index] = toQuestion(face, sharing, { reason: 'ambiguous', isNumberShared: true });
    else if (match !== undefined && second === undefined && rivals.length === 1 && isSameName(face, match)) {
      settle(index, match, 'elimination');
    }
  }
  for (const { face, index } of open()) {
    const possible = askable().filter((each) => isPossible(face, each));
    const changed = askable().filter((each) => isPossiblyReplaced(face, each));
    if (possible.length + changed.length === 0) continue;
    const reason = possible.length > 0 ? 'ambiguous' : 'number_changed';
    pairings[index] = toQuestion(face, [...possible, ...changed], { reason, isNumberShared: false });
  }
  return pairings.map((pairing) => pairing ?? { kind: 'new' });
}

/** Under the same name first: that is most likely the one. */
function toQuestion(
  face: AccountFace,
  candidates: readonly FormerAccount[],
  about: { reason: AskReason; isNumberShared: boolean },
): Pairing {
  const byName = candidates.toSorted((one, other) => Number(isSameName(face, other)) - Number(isSameName(face, one)));
  return { kind: 'ask', candidateIds: byName.map(({ id }) => id), ...about };
}

const PREFERENCES: readonly ((each: FormerAccount) => boolean)[] = [
  ({ isOfConnection }) => isOfConnection,
  ({ isJoined }) => !isJoined,
  ({ goneDays }) => goneDays === null,
];

/** An account of this very connection before one of an ended one, one that stands for others before those, a listed one before one that is gone. */
function preferred(matches: readonly FormerAccount[]): readonly FormerAccount[] {
  return PREFERENCES.reduce<readonly FormerAccount[]>((left, isPreferred) => {
    const better = left.filter(isPreferred);
    return better.length > 0 ? better : left;
  }, matches);
}

/**
 * Nothing contradicts it. Of this connection, what was listed a moment ago; of an ended one only under the same name, since
 * another login at the same bank has accounts of the same type.
 */
function isPossible(face: AccountFace, each: FormerAccount): boolean {
  if (!isCompatible(face, each)) return isSameId(face, each) && isCurrencyCompatible(face, each);
  return each.isOfConnection ? each.goneDays === null : isSameName(face, each);
}

/** The same product under another number: a replaced card, a changed account number. */
function isPossiblyReplaced(face: AccountFace, each: FormerAccount): boolean {
  return (
    each.isOfConnection &&
    isNumberContradicted(face, each) &&
    isSameProduct(face, each) &&
    isSameName(face, each) &&
    (each.goneDays === null || each.goneDays <= REPLACED_WITHIN_DAYS)
  );
}

/** An id alone is evidence, not identity: in another currency, or under another number and another name, it was given away. */
function isOtherAccount(one: AccountFace, other: AccountFace): boolean {
  return !isCurrencyCompatible(one, other) || (isNumberContradicted(one, other) && !isSameName(one, other));
}

function isCompatible(one: AccountFace, other: AccountFace): boolean {
  return !isNumberContradicted(one, other) && isSameProduct(one, other);
}

function isSameProduct(one: AccountFace, other: AccountFace): boolean {
  return (
    one.kind === other.kind &&
    isSameType(one, other) &&
    isCurrencyCompatible(one, other) &&
    one.cardNetwork === other.cardNetwork
  );
}

function isSameId(one: AccountFace, other: AccountFace): boolean {
  return one.kind === other.kind && one.trueLayerId === other.trueLayerId;
}

/** Some banks give one number to the pockets of several currencies. */
function isSamePocket(one: AccountFace, other: AccountFace): boolean {
  return isSameNumber(one, other) && one.currency !== null && one.currency === other.currency;
}

function isSameNumber(one: AccountFace, other: AccountFace): boolean {
  return one.numberHash !== null && other.numberHash !== null && Buffer.from(one.numberHash).equals(other.numberHash);
}

function isNumberContradicted(one: AccountFace, other: AccountFace): boolean {
  return one.numberHash !== null && other.numberHash !== null && !isSameNumber(one, other);
}

function isCurrencyCompatible(one: AccountFace, other: AccountFace): boolean {
  return one.currency === null || other.currency === null || one.currency === other.currency;
}

function isSameType(one: AccountFace, other: AccountFace): boolean {
  return one.type === other.type;
}

function isSameName(one: AccountFace, other: AccountFace): boolean {
  const plain = ({ name }: AccountFace) => name.trim().replace(/\s+/g, ' ').toLowerCase();
  return plain(one) === plain(other);
}
