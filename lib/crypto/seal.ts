import 'server-only';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from '#lib/errors/app-error';
import { isEnvironmentRing, type KeyRing, keyRing } from './keyring.ts';
import { sealCounter } from './seal-count.ts';

/** Which cell a ciphertext belongs to. Moved to any other row, column or table, it doesn't open. */
export type Cell = { table: string; column: string; rowId: string };

/** The ciphertext was changed, cut, or belongs to another cell or key. It says nothing about which. */
export class UnsealError extends AppError {
  constructor(cell: Cell, cause?: unknown) {
    super('unavailable', 'unseal_failed', {
      fields: { table: cell.table, column: cell.column, rowId: cell.rowId },
      cause,
    });
  }
}

// Envelope: version (1 byte) | length of kid (1) | kid | nonce (12) | tag (16) | ciphertext.
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM under the ring's first key. The key id and the cell are authenticated with the text. Seals of the environment's
 * keys are counted; a key of one person never seals enough to matter.
 * @throws {AppError} unavailable `sealing_key_worn_out`, `seals_not_counted`
 */
export function seal(cell: Cell, plain: string | Uint8Array, ring: KeyRing = keyRing()): Buffer<ArrayBuffer> {
  const { kid, key } = ring.sealingKey();
  if (isEnvironmentRing(ring)) sealCounter()?.count(kid);
  const head = headOf(kid);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(associatedData(head, cell));
  const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  cipher.final();
  return Buffer.concat([head, nonce, cipher.getAuthTag(), body]);
}

/** @throws {UnsealError} @throws {UnknownKeyError} */
export function openBytes(cell: Cell, envelope: Uint8Array, ring: KeyRing = keyRing()): Buffer {
  const bytes = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength);
  const headEnd = 2 + (bytes[1] ?? 0);
  const bodyStart = headEnd + NONCE_BYTES + TAG_BYTES;
  if (bytes[0] !== VERSION || bytes.length < bodyStart) throw new UnsealError(cell);
  const key = ring.openingKey(bytes.toString('latin1', 2, headEnd));
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(headEnd, headEnd + NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(associatedData(bytes.subarray(0, headEnd), cell));
  decipher.setAuthTag(bytes.subarray(headEnd + NONCE_BYTES, bodyStart));
  const plain = decipher.update(bytes.subarray(bodyStart));
  try {
    decipher.final();
  } catch (cause) {
    throw new UnsealError(cell, cause);
  }
  return plain;
}

/** @throws {UnsealError} @throws {UnknownKeyError} */
export function openText(cell: Cell, envelope: Uint8Array, ring: KeyRing = keyRing()): string {
  return openBytes(cell, envelope, ring).toString('utf8');
}

/** The id of the key that an envelope names, or null when it isn't an envelope. */
export function kidOf(envelope: Uint8Array): string | null {
  const length = envelope[1] ?? 0;
  if (envelope[0] !== VERSION || envelope.length < 2 + length + NONCE_BYTES + TAG_BYTES) return null;
  return Buffer.from(envelope.subarray(2, 2 + length)).toString('latin1');
}

function headOf(kid: string): Buffer {
  return Buffer.concat([Buffer.from([VERSION, kid.length]), Buffer.from(kid, 'latin1')]);
}

// A zero byte can't be in a table's, column's or row's name, so no two cells share their associated data.
function associatedData(head: Uint8Array, cell: Cell): Buffer {
  return Buffer.concat([head, Buffer.from(`\0${cell.table}\0${cell.column}\0${cell.rowId}`, 'utf8')]);
}
