import { headers } from 'next/headers';
import { RateLimitedError } from '#lib/errors/rate-limited';
import { toCount } from '#lib/format/count';
import { toTime } from '#lib/format/instant';

export type Download = { name: string; type: string; chunks: AsyncIterable<string> | Iterable<string> };

/** A file to save, written as fast as it is read. */
export function downloadResponse({ name, type, chunks }: Download): Response {
  return new Response(toByteStream(chunks), {
    headers: {
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  });
}

/** One line of text instead of a file. */
export function downloadRefusal(status: number, text: string): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  });
}

/** Says when to try again: as a page to browsers, as text to others; null for any other error. */
export async function rateLimitResponse(error: unknown): Promise<Response | null> {
  if (!(error instanceof RateLimitedError)) return null;
  const text = `${WORDS[error.isBusy ? 'busy' : 'many']} Try again ${toWhen(error.retryAfterSeconds)}.`;
  const isPage = (await headers()).get('accept')?.includes('text/html') === true;
  const answer = isPage ? new Response(toPage(text), { status: 429 }) : downloadRefusal(429, text);
  if (isPage) answer.headers.set('Content-Type', 'text/html; charset=utf-8');
  answer.headers.set('Cache-Control', 'no-store');
  answer.headers.set('Retry-After', String(error.retryAfterSeconds));
  return answer;
}

const WORDS = {
  busy: 'Another download of the same kind is still running.',
  many: 'You have downloaded this many times within an hour.',
} as const;

function toWhen(seconds: number): string {
  if (seconds < 60) return `in ${toCount(seconds, 'second')}`;
  const at = toTime(new Date(Date.now() + seconds * 1000), 'UTC');
  return `in ${toCount(Math.ceil(seconds / 60), 'minute')} (at ${at} UTC)`;
}

function toPage(text: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Too many downloads</title></head>
<body><main><h1>Too many downloads</h1><p>${text}</p><p><a href="/account">Go to your account</a></p></main></body></html>`;
}

/** Read on demand: a slow reader slows the queries, and nothing is buffered. */
function toByteStream(chunks: Download['chunks']): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await iterator.return?.(undefined);
    },
  });
}
