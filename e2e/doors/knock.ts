import type { Who, World } from './people.ts';

export type Answer = { said: string; body: string };

const appUrl = process.env.APP_URL ?? '';

type Knock = { method?: string; path: string; headers?: Record<string, string>; body?: RequestInit['body'] };

/** One request as somebody, and what was said to it: a status, or where it leads. */
export async function knock(
  world: World,
  who: Who,
  { method = 'GET', path, headers = {}, body }: Knock,
): Promise<Answer> {
  const response = await fetch(`${appUrl}${path}`, {
    method,
    redirect: 'manual',
    headers: { cookie: world.cookies[who], ...(method === 'GET' ? {} : { origin: appUrl }), ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { said: sayAnswer(response, text), body: text };
}

/** A server action, called as React calls it. */
export function act(world: World, who: Who, call: { id: string; on: string; args: unknown[] }, origin = appUrl) {
  const headers = { 'next-action': call.id, origin };
  const form = new FormData();
  const args = call.args.map((argument, index) => {
    if (argument === undefined) return '$undefined';
    if (!(argument instanceof FormData)) return argument;
    for (const [name, value] of argument) form.append(`_${index + 1}_${name}`, value);
    return `$K${index + 1}`;
  });
  form.append('0', JSON.stringify(args));
  const hasForm = call.args.some((argument) => argument instanceof FormData);
  const plain = { headers: { ...headers, 'content-type': 'text/plain;charset=UTF-8' }, body: JSON.stringify(args) };
  return knock(world, who, { method: 'POST', path: call.on, ...(hasForm ? { headers, body: form } : plain) });
}

/** `200`, `404`, or `to /sign-in`: pages that stream say the last two in their body, after a 200 has gone out. */
function sayAnswer(response: Response, body: string): string {
  const target = response.headers.get('x-action-redirect')?.split(';')[0] ?? response.headers.get('location');
  if (target) return `to ${pathOf(target)}`;
  if (response.status !== 200) return String(response.status);
  const streamed = /__next-page-redirect" http-equiv="refresh" content="\d+;url=([^"]+)"/.exec(body)?.[1];
  if (streamed !== undefined) return `to ${pathOf(streamed)}`;
  const inFlight = /NEXT_REDIRECT;\w+;([^;]+);/.exec(body)?.[1];
  if (inFlight !== undefined) return `to ${pathOf(inFlight)}`;
  return body.includes('NEXT_HTTP_ERROR_FALLBACK;404') ? '404' : '200';
}

function pathOf(target: string): string {
  const url = new URL(target.replaceAll('&amp;', '&'), appUrl);
  return url.origin === new URL(appUrl).origin ? url.pathname : url.origin;
}
