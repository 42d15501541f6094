import 'server-only';
import { AppError } from '#lib/errors/app-error';
import { log } from '#lib/log/log';

/**
 * How many values one key may seal with random 96-bit nonces: NIST SP 800-38D, section 8.3. Beyond it two values may get the
 * same nonce with a probability above 2^-32, and whoever has both learns from them.
 */
export const MAX_SEALS_PER_KEY = 2 ** 32;

/** A quarter of it: from here on admins are told to rotate the key. */
export const SEALS_BEFORE_WARNING = 2 ** 30;

/** Counts `count` seals of a key ahead, durably; false when that would exceed `MAX_SEALS_PER_KEY`. */
export type ReserveSeals = (kid: string, count: number) => Promise<boolean>;

/** Told of a block that could not be reserved: once, until a reservation succeeds again. */
export type LogFailure = (kid: string, error: unknown) => void;

const FIRST_BLOCK = 1024;
const LARGEST_BLOCK = 65_536;

/** How many values a process seals with a key, at most, without having reserved them. */
export const MAX_UNRESERVED_SEALS = LARGEST_BLOCK;

type KeyCount = {
  /** Of what is reserved. Below 0: sealed, and not reserved yet. */
  left: number;
  /** At which the next block is reserved: half of the last one. */
  lowAt: number;
  blockSize: number;
  pending: Promise<void> | null;
  isWornOut: boolean;
  hasLoggedFailure: boolean;
};

export type SealCounter = {
  /**
   * Counts one seal, without waiting.
   * @throws {AppError} unavailable: `sealing_key_worn_out`, or `seals_not_counted` beyond `MAX_UNRESERVED_SEALS`
   */
  count(kid: string): void;
  /** Resolves once seals of the key are reserved, or can't be at the moment. */
  ready(kid: string): Promise<void>;
};

/**
 * Counts the seals of each key in blocks that are reserved in the database before they are used, so that a process that is
 * killed has counted too many. The next block is reserved when half of the last one is used; blocks grow with use, so that a
 * process which seals little wastes little. While none can be reserved, up to `MAX_UNRESERVED_SEALS` more are sealed, and
 * reserved afterwards.
 */
export function createSealCounter(reserve: ReserveSeals, logFailure: LogFailure = logNotReserved): SealCounter {
  const keys = new Map<string, KeyCount>();
  const countOf = (kid: string): KeyCount => {
    const known = keys.get(kid);
    if (known !== undefined) return known;
    const fresh = {
      left: 0,
      lowAt: 0,
      blockSize: FIRST_BLOCK,
      pending: null,
      isWornOut: false,
      hasLoggedFailure: false,
    };
    keys.set(kid, fresh);
    return fresh;
  };
  const refill = (kid: string, key: KeyCount): Promise<void> => {
    key.pending ??= reserveBlock(kid, key, { reserve, logFailure }).finally(() => {
      key.pending = null;
    });
    return key.pending;
  };
  return {
    count(kid) {
      const key = countOf(kid);
      if (key.isWornOut && key.left <= 0)
        throw new AppError('unavailable', 'sealing_key_worn_out', { fields: { kid } });
      if (key.left <= -MAX_UNRESERVED_SEALS) {
        void refill(kid, key);
        throw new AppError('unavailable', 'seals_not_counted', { fields: { kid } });
      }
      key.left--;
      if (key.left < key.lowAt && !key.isWornOut) void refill(kid, key);
    },
    async ready(kid) {
      const key = countOf(kid);
      for (let before = Number.NEGATIVE_INFINITY; key.left <= 0 && key.left !== before && !key.isWornOut; ) {
        before = key.left;
        await refill(kid, key);
      }
    },
  };
}

type Outside = { reserve: ReserveSeals; logFailure: LogFailure };

/** Never rejects: a failure is logged, and the next seal tries again. */
async function reserveBlock(kid: string, key: KeyCount, { reserve, logFailure }: Outside): Promise<void> {
  const count = key.blockSize + Math.max(0, -key.left);
  try {
    const isReserved = await reserve(kid, count);
    key.hasLoggedFailure = false;
    if (isReserved) {
      key.left += count;
      key.lowAt = key.blockSize / 2;
      key.blockSize = Math.min(key.blockSize * 2, LARGEST_BLOCK);
    } else key.isWornOut = true;
  } catch (error) {
    if (!key.hasLoggedFailure) logFailure(kid, error);
    key.hasLoggedFailure = true;
  }
}

function logNotReserved(kid: string, error: unknown): void {
  // Where the database is away, what needs it logs the whole error.
  const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : 'unknown';
  log().error({ event: 'seals.not_reserved', kid, reason }, 'seals of a key could not be reserved');
}

const held = globalThis as typeof globalThis & { linkwellSealCounter?: SealCounter };

/** The counter of this process; none in a process that has no database. */
export function sealCounter(): SealCounter | undefined {
  return held.linkwellSealCounter;
}

/** Counts this process's seals from now on. */
export function startSealCounter(reserve: ReserveSeals): SealCounter {
  held.linkwellSealCounter ??= createSealCounter(reserve);
  return held.linkwellSealCounter;
}
