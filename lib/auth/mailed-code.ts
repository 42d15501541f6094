import 'server-only';
import { isSameSecret, keyedHashOf } from '#lib/crypto/secret';

/** Consonants without Y: no words, nothing that reads as a digit, one letter case (RFC 8628, section 6.1). */
const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;

/** Codes that may be typed for one link. At 20^8 possible codes, guessing has a chance of 1 in 5,000,000,000. */
export const MAX_CODE_ATTEMPTS = 5;

/**
 * The code that a mailed link shows in another browser than the one that asked for it. It follows from the hash of the link's
 * token and a key of ours, so it lives exactly as long as the link, and a copy of the database does not contain it.
 */
export function codeOfLink(tokenHash: string): string {
  let rest = keyedHashOf('code of a mailed link', tokenHash).readBigUInt64BE(0);
  let code = '';
  for (let at = 0; at < LENGTH; at++) {
    code += ALPHABET[Number(rest % BigInt(ALPHABET.length))];
    rest /= BigInt(ALPHABET.length);
  }
  return code;
}

/** `BCDF-GHJK`, for people to read. */
export function formatCode(code: string): string {
  return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;
}

/** What was typed, without case, spaces and punctuation; null when it cannot be a code. */
export function parseCode(typed: string): string | null {
  const code = typed
    .slice(0, 64)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');
  return code.length === LENGTH && [...code].every((letter) => ALPHABET.includes(letter)) ? code : null;
}

/** Compares in constant time. */
export function isCodeOfLink(code: string, tokenHash: string): boolean {
  return isSameSecret(Buffer.from(code), Buffer.from(codeOfLink(tokenHash)));
}
