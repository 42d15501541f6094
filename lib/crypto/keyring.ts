import 'server-only';
import { env } from '#lib/env/env';
import { AppError } from '#lib/errors/app-error';

/**
 * The port for wrapping keys: narrow enough for a KMS or a vault to stand behind it. Keys are asked for by the id that an
 * envelope names; the first seals.
 */
export type KeyRing = {
  sealingKey(): { kid: string; key: Buffer };
  /** @throws {UnknownKeyError} */
  openingKey(kid: string): Buffer;
  kids(): readonly string[];
};

/** An envelope names a key that the ring doesn't have: the ring is incomplete, and the data is not lost. */
export class UnknownKeyError extends AppError {
  constructor(kid: string) {
    super('unavailable', 'unknown_sealing_key', { message: `no key ${kid} in TOKEN_SEALING_KEYS`, fields: { kid } });
  }
}

export function createKeyRing(keys: readonly { kid: string; key: Buffer }[]): KeyRing {
  const [first] = keys;
  if (first === undefined) throw new Error('a key ring needs a key');
  const byKid = new Map(keys.map(({ kid, key }) => [kid, key]));
  return {
    sealingKey: () => first,
    openingKey(kid) {
      const key = byKid.get(kid);
      if (key === undefined) throw new UnknownKeyError(kid);
      return key;
    },
    kids: () => [...byKid.keys()],
  };
}

let ring: KeyRing | undefined;

export function keyRing(): KeyRing {
  ring ??= createKeyRing(env().sealingKeys);
  return ring;
}

export function isEnvironmentRing(candidate: KeyRing): boolean {
  return candidate === ring;
}
