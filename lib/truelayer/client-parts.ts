import type { z } from 'zod';
import { isSafeTransport } from './config.ts';
import { TrueLayerError } from './error.ts';
import { parseExactJson } from './exact-json.ts';
import type { Http } from './http.ts';

/** What the groups of calls share. */
export type ClientParts = {
  http: Http;
  authUrl: URL;
  apiUrl: URL;
  statusUrl: URL;
  now: () => Date;
  timeoutMs: { data: number; token: number; catalogue: number };
};

export const maxBytes = { token: 1 << 20, catalogue: 16 << 20, data: 64 << 20 };

/** Reads an answer that is one object and has no envelope. */
export function readObject<T>(body: Uint8Array, schema: z.ZodType<T>): T {
  const value = parseExactJson(body);
  if (value === undefined) throw new TrueLayerError({ code: 'not_json' });
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new TrueLayerError({ code: 'unexpected_shape' });
  return parsed.data;
}

/** A link for a person's browser. Plain http passes only where TrueLayer itself is stood in for on this machine. */
export function safeLink(link: string, server: URL): string {
  const url = URL.parse(link);
  const isSafe = url?.protocol === 'https:' || (url !== null && server.protocol === 'http:' && isSafeTransport(url));
  if (!isSafe) throw new TrueLayerError({ code: 'unexpected_shape' });
  return link;
}
