import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';

/** Errors of the auth server. Only `error` is sure to be there. */
export function sendAuthError(c: Context, status: ContentfulStatusCode, error: string, reason?: string): Response {
  return c.json({ error, ...(reason === undefined ? {} : { error_details: { reason } }) }, status);
}

/** The reason in `error_details`, in the form of TrueLayer's own (`Invalid refresh_token`): the first field at fault. */
export function toReason({ issues }: z.ZodError): string {
  return `Invalid ${fieldOf(issues[0])}`;
}

function fieldOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys') return issue.keys[0] ?? 'request';
  return String(issue?.path[0] ?? 'request');
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
