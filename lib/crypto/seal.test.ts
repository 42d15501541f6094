import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createKeyRing, UnknownKeyError } from './keyring.ts';
import { type Cell, kidOf, openBytes, openText, seal, UnsealError } from './seal.ts';

const old = { kid: 'k1', key: randomBytes(32) };
const fresh = { kid: 'k2', key: randomBytes(32) };
const ring = createKeyRing([fresh, old]);
const cell: Cell = { table: 'connection_tokens', column: 'access_token_sealed', rowId: randomUUID() };

test('opens what it sealed, text and bytes, also empty and long', () => {
  for (const text of ['', 'ä token', 'x'.repeat(100_000)])
    expect(openText(cell, seal(cell, text, ring), ring)).toBe(text);
  const bytes = randomBytes(300);
  expect(openBytes(cell, seal(cell, bytes, ring), ring)).toEqual(bytes);
});

test('never makes the same ciphertext twice, and shows nothing of the text', () => {
  const one = seal(cell, 'refresh-token', ring);
  expect(one.equals(seal(cell, 'refresh-token', ring))).toBe(false);
  expect(one.includes('refresh')).toBe(false);
});

test.each([
  ['row', { ...cell, rowId: randomUUID() }],
  ['column', { ...cell, column: 'refresh_token_sealed' }],
  ['table', { ...cell, table: 'attempts' }],
])('does not open in another %s', (_, elsewhere) => {
  const sealed = seal(cell, 'token', ring);
  expect(() => openText(elsewhere, sealed, ring)).toThrow(UnsealError);
});

test('does not open when any single bit is flipped', () => {
  const sealed = seal(cell, 'a secret', ring);
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(() => openText(cell, changed, ring), `bit ${bit}`).toThrow();
  }
});

test('does not open when cut at any length', () => {
  const sealed = seal(cell, 'a secret', ring);
  for (let length = 0; length < sealed.length; length++) {
    expect(() => openText(cell, sealed.subarray(0, length), ring), `length ${length}`).toThrow();
  }
});

test('an unknown key is named as such, so that nobody takes the data for lost', () => {
  const sealed = seal(cell, 'token', createKeyRing([{ kid: 'gone', key: randomBytes(32) }]));
  expect(() => openText(cell, sealed, ring)).toThrow(UnknownKeyError);
});

test('an old key still opens while the first one seals', () => {
  const sealedBefore = seal(cell, 'token', createKeyRing([old]));
  expect(kidOf(sealedBefore)).toBe('k1');
  expect(openText(cell, sealedBefore, ring)).toBe('token');
  expect(kidOf(seal(cell, 'token', ring))).toBe('k2');
});

test('a key of the right name and the wrong bytes does not open', () => {
  const impostor = createKeyRing([{ kid: 'k2', key: randomBytes(32) }]);
  expect(() => openText(cell, seal(cell, 'token', ring), impostor)).toThrow(UnsealError);
});
