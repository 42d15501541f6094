import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Errors of the auth server. Only `error` is sure to be there. */
export function sendAuthError(c: Context, status: ContentfulStatusCode, error: string, reason?: string): Response {
  return c.json({ error, ...(reason === undefined ? {} : { error_details: { reason } }) }, status);
}

/** The fields of a form or of a JSON object; null when the body is neither. */
export async function readFields(c: Context): Promise<Record<string, unknown> | null> {
  const text = await c.req.text();
  if (/^application\/json\b/i.test(c.req.header('Content-Type') ?? '')) return parseObject(text);
  return Object.fromEntries(new URLSearchParams(text));
}

export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : null;
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
