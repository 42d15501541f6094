import type { World } from '#sandbox/world';

export type Body = { bytes: Buffer; isGzipped: boolean };

export type AnswerCache = {
  /** When an equal question was answered within the hour: its answer is given again. Null: ask the bank. */
  findAnsweredAt(world: World, question: string): number | null;
  /** Only what was answered is cached; a refusal is asked for again. */
  noteAnswered(question: string, atMs: number): void;
  findBody(key: string): Buffer | null;
  keepBody(key: string, body: Buffer): void;
  clear(): void;
};

const MOST_BYTES = 120_000_000;
const WORTH_KEEPING_BYTES = 5000;

export function openAnswerCache(): AnswerCache {
  const answeredAt = new Map<string, number>();
  const bodies = new Map<string, Buffer>();
  let bytes = 0;
  const forget = (key: string) => {
    bytes -= bodies.get(key)?.length ?? 0;
    bodies.delete(key);
  };
  return {
    findAnsweredAt(world, question) {
      const now = world.clock.nowMs();
      const first = answeredAt.get(question);
      const isFresh =
        first !== undefined && first <= now && now - first < world.switches.current().cache_seconds * 1000;
      return isFresh ? first : null;
    },
    noteAnswered(question, atMs) {
      if (answeredAt.size > 50_000) answeredAt.clear();
      answeredAt.set(question, atMs);
    },
    findBody(key) {
      const body = bodies.get(key) ?? null;
      if (body !== null) {
        bodies.delete(key);
        bodies.set(key, body);
      }
      return body;
    },
    keepBody(key, body) {
      if (body.length < WORTH_KEEPING_BYTES) return;
      if (bodies.has(key)) forget(key);
      bodies.set(key, body);
      bytes += body.length;
      for (const oldest of bodies.keys()) {
        if (bytes <= MOST_BYTES || oldest === key) break;
        forget(oldest);
      }
    },
    clear() {
      answeredAt.clear();
      bodies.clear();
      bytes = 0;
    },
  };
}
