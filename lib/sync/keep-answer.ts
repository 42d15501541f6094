import 'server-only';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '#lib/context/context';
import { seal } from '#lib/crypto/seal';
import { startOf } from '#lib/time/day';
import type { Resource } from './resource.ts';
import type { SyncSession } from './session.ts';
import type { Window } from './windows.ts';

export type PackedAnswer = { id: string; byteCount: number; bodySealed: Buffer<ArrayBuffer> };

const compress = promisify(zstdCompress);
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Packs and seals an answer's bytes, off the main thread where it matters. Null when answers aren't kept. */
export async function packAnswer(session: SyncSession, body: Uint8Array): Promise<PackedAnswer | null> {
  if (!session.keepsAnswers) return null;
  const id = uuidv7();
  return { id, byteCount: body.byteLength, bodySealed: seal(cellOf(id), await compress(body, FAST)) };
}

export type AnswerFacts = {
  accountId: string | null;
  resource: Resource;
  window?: Window;
  isComplete: boolean;
  receivedAt: Date;
};

/** Keeps the answer in the transaction that stores what is in it. */
export async function keepAnswer(
  ctx: Context,
  connectionId: string,
  packed: PackedAnswer | null,
  facts: AnswerFacts,
): Promise<void> {
  if (packed === null) return;
  const { window, ...rest } = facts;
  await ctx.db.bankAnswer.create({
    data: {
      ...packed,
      ...rest,
      connectionId,
      windowFrom: window === undefined ? null : startOf(window.from),
      windowTo: window === undefined ? null : startOf(window.to),
    },
    select: { id: true },
  });
}

export function cellOf(id: string) {
  return { table: 'bank_answers', column: 'body_sealed', rowId: id };
}
