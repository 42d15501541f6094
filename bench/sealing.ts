import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openText, seal } from '#lib/crypto/seal';
import { atMost, type Bench, figure, median } from './figure.ts';

const TOKEN_BYTES = 1500;
const TIMES = 4000;
const ROUNDS = 15;

/** Sealing and opening a token, against what the platform's own cipher costs for the same bytes. */
export const measureSealing: Bench = async () => {
  const token = randomBytes(TOKEN_BYTES).toString('base64').slice(0, TOKEN_BYTES);
  const cell = {
    table: 'connection_tokens',
    column: 'access_token_sealed',
    rowId: '019375f2-0000-7000-8000-000000000000',
  };
  const ours = () => {
    if (openText(cell, seal(cell, token)) !== token) throw new Error('sealed is not what was opened');
  };
  const bare = bareCipher(token);
  const ratios: number[] = [];
  const microseconds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // In turns, so that whatever else the machine does hits both alike.
    const bareMs = timeOf(bare);
    const oursMs = timeOf(ours);
    ratios.push(oursMs / bareMs);
    microseconds.push((oursMs / TIMES) * 1000);
    // Connections that the other side closes meanwhile are to be noticed before the next measurement takes them.
    await nextTurn();
  }
  const method = `median of ${ROUNDS} rounds of ${TIMES} × seal + open of ${TOKEN_BYTES} bytes, in turns with AES-256-GCM of node:crypto on the same bytes`;
  return [
    figure({ name: 'sealing ÷ bare AES-256-GCM', value: median(ratios), unit: '×', method }, atMost(2)),
    figure({ name: 'seal + open one token', value: median(microseconds), unit: 'µs', method }),
  ];
};

function timeOf(work: () => void): number {
  const startedAt = performance.now();
  for (let time = 0; time < TIMES; time++) work();
  return performance.now() - startedAt;
}

function bareCipher(token: string): () => void {
  const key = randomBytes(32);
  return () => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const sealed = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
    const decipher = createDecipheriv('aes-256-gcm', key, iv);
    decipher.setAuthTag(cipher.getAuthTag());
    const opened = Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
    if (opened !== token) throw new Error('the platform lies');
  };
}
