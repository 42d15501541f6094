import type { World } from '#sandbox/world';

export type Body = { bytes: Buffer; isGzipped: boolean };

export type AnswerCache = {
  /** The moment whose truth is told: an equal question within the hour gets the first one's answer. */
  asOf(world: World, question: string): { asOfMs: number; isRepeat: boolean };
  findBody(key: string): Buffer | null;
  keepBody(key: string, body: Buffer): void;
  clear(): void;
};

const MOST_BYTES = 120_000_000;
const WORTH_KEEPING_BYTES = 5000;

export function openAnswerCache(): AnswerCache {
  const askedAt = new Map<string, number>();
  const bodies = new Map<string, Buffer>();
  let bytes = 0;
  const forget = (key: string) => {
    bytes -= bodies.get(key)?.length ?? 0;
    bodies.delete(key);
  };
  return {
    asOf(world, question) {
      const now = world.clock.nowMs();
      const first = askedAt.get(question);
      const isRepeat =
        first !== undefined && first <= now && now - first < world.switches.current().cache_seconds * 1000;
      if (isRepeat) return { asOfMs: first, isRepeat };
      if (askedAt.size > 50_000) askedAt.clear();
      askedAt.set(question, now);
      return { asOfMs: now, isRepeat: false };
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
      askedAt.clear();
      bodies.clear();
      bytes = 0;
    },
  };
}
