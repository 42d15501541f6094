import 'server-only';
import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { env } from '#lib/env/env';

/** 32 random bytes as base64url: for `state`, webhook secrets and the like. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256, for values that are random themselves and so need no key. */
export function hashOf(text: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash('sha256').update(text).digest());
}

/**
 * A keyed hash, for values that could be guessed (addresses, account numbers). `purpose` keeps the hashes of one use apart
 * from those of another.
 */
export function keyedHashOf(purpose: string, text: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHmac('sha256', derivedKey(purpose)).update(text).digest());
}

/** Compares in constant time; different lengths are simply different. */
export function isSameSecret(one: Uint8Array, other: Uint8Array): boolean {
  return one.byteLength === other.byteLength && timingSafeEqual(one, other);
}

const derivedKeys = new Map<string, Buffer>();

function derivedKey(purpose: string): Buffer {
  let key = derivedKeys.get(purpose);
  if (key === undefined) {
    key = Buffer.from(hkdfSync('sha256', env().sessionSecret, '', `linkwell ${purpose}`, 32));
    derivedKeys.set(purpose, key);
  }
  return key;
}
