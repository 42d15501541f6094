import { existsSync, readFileSync } from 'node:fs';
import type { KnownSecret } from './search.ts';

/** One JSON object to a line, as the stand-in, the browser stories and the runner write them. */
export function readSecrets(file: string): KnownSecret[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => withoutItsName(JSON.parse(line) as KnownSecret));
}

/** The secrets that a process of ours is configured with. */
export function secretsOfEnvironment(env: Readonly<Record<string, string | undefined>>): KnownSecret[] {
  const found: KnownSecret[] = [];
  for (const name of ['NEXTAUTH_SECRET', 'SESSION_SECRET', 'TRUELAYER_CLIENT_SECRET', 'METRICS_TOKEN']) {
    const value = env[name];
    if (value) found.push({ kind: name.toLowerCase(), value });
  }
  for (const key of (env.TOKEN_SEALING_KEYS ?? '').split(',').filter(Boolean)) {
    found.push({ kind: 'sealing_key', value: key.slice(key.indexOf(':') + 1) });
  }
  for (const name of ['SMTP_URL', 'DATABASE_URL']) {
    const password = URL.parse(env[name] ?? '')?.password;
    if (password) found.push({ kind: `password of ${name}`, value: decodeURIComponent(password) });
  }
  return found;
}

/** Links that sign in, confirm or undo a change of address, or unsubscribe, from the mails that a catcher holds. */
export async function secretsOfMails(catcherUrl: string): Promise<KnownSecret[]> {
  const body: unknown = await (await fetch(`${catcherUrl}/api/messages`)).json();
  const text = JSON.stringify(body);
  const links = text.match(/\/sign-in\/confirm\?[^"\s]+/g) ?? [];
  const found = (within: string, kind: string, pattern: RegExp) =>
    [...new Set([...within.matchAll(pattern)].map(([, token = '']) => token))].map((value) => ({ kind, value }));
  return [
    ...links.flatMap((link) => found(link, 'sign_in_link', /\btoken=([\w-]{20,})/g)),
    // The id in front of a signature is no secret.
    ...found(text, 'email_change_link', /\/email-change\/\w+\?token=(?:[\da-f-]{36}\.)?([\w-]{20,})(?!\.)/g).filter(
      ({ value }) => !/^[\da-f]{8}-/.test(value),
    ),
    ...found(text, 'unsubscribe_link', /\/unsubscribe\/([\w-]{40,})/g),
  ];
}

/** A webhook's address is no secret up to the task's id: what comes after it is. */
function withoutItsName({ kind, value }: KnownSecret): KnownSecret {
  if (kind !== 'webhook_uri') return { kind, value };
  const task = URL.parse(value)?.searchParams.get('task') ?? value;
  return { kind, value: task.slice(task.lastIndexOf('.') + 1) };
}
