import 'server-only';
import { randomInt } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { openText, seal } from '#lib/crypto/seal';
import { hashOf, randomSecret } from '#lib/crypto/secret';
import { MINUTE_MS } from '#lib/time/span';
import { createPkcePair } from '#lib/truelayer/pkce';

/** How long a trip to the bank may take. */
export const ATTEMPT_LIFE_MS = 30 * MINUTE_MS;
/** How long TrueLayer's code is good (documented: five minutes, once). */
export const CODE_LIFE_MS = 5 * MINUTE_MS;
/** A claim is held for one exchange; whoever held it for longer died with it. */
export const CLAIM_LIFE_MS = 2 * MINUTE_MS;

export type NewAttempt = {
  id: string;
  reference: string;
  state: string;
  stateHash: Buffer<ArrayBuffer>;
  codeChallenge: string;
  verifierSealed: Buffer<ArrayBuffer>;
};

/** Everything random about a trip. The state leaves for TrueLayer and only its hash stays; the verifier stays, sealed. */
export function createAttempt(): NewAttempt {
  const id = uuidv7();
  const state = randomSecret();
  const { verifier, challenge } = createPkcePair();
  return {
    id,
    reference: createReference(),
    state,
    stateHash: hashOf(state),
    codeChallenge: challenge,
    verifierSealed: seal(cellOf(id, 'verifier_sealed'), verifier),
  };
}

export function openVerifier(attempt: { id: string; verifierSealed: Uint8Array }): string {
  return openText(cellOf(attempt.id, 'verifier_sealed'), attempt.verifierSealed);
}

export function sealCode(attemptId: string, code: string): Buffer<ArrayBuffer> {
  return seal(cellOf(attemptId, 'code_sealed'), code);
}

export function openCode(attempt: { id: string; codeSealed: Uint8Array }): string {
  return openText(cellOf(attempt.id, 'code_sealed'), attempt.codeSealed);
}

// Without letters and digits that are taken for one another when read out on the phone.
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** What a person can quote: short enough to read out, and of no use to anybody else. */
export function createReference(): string {
  return `LW-${Array.from({ length: 8 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;
}

/** Whether a text from an address looks like a reference of ours; it may still be nobody's. */
export function isReference(text: unknown): text is string {
  return typeof text === 'string' && /^LW-[2-9A-HJ-NP-TV-Z]{8}$/.test(text);
}

function cellOf(rowId: string, column: 'verifier_sealed' | 'code_sealed') {
  return { table: 'attempts', column, rowId };
}
