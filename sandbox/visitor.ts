export type VisitOptions = {
  username?: string;
  password?: string;
  /** Which bank to pick when the link leaves it open. */
  providerId?: string;
  /** Keys of the accounts to share; without them all that are offered. */
  accountKeys?: readonly string[];
  cancelAt?: 'banks' | 'consent' | 'login' | 'accounts';
};

export type Visit = {
  /** The page on which the visit ended: the client's callback, or an error page of the stand-in. */
  url: URL;
  status: number;
  html: string;
  /** What came back to the client, from the query or from the form; empty when nothing did. */
  fields: Record<string, string>;
  method: 'GET' | 'POST' | null;
};

/** A person without a browser: follows an auth link through every page and stops at the client's door. */
export async function visitAuthLink(link: string, options: VisitOptions = {}): Promise<Visit> {
  const home = new URL(link).origin;
  let request: { url: URL; init?: RequestInit } = { url: new URL(link) };
  for (let step = 0; step < 20; step += 1) {
    if (request.url.origin !== home) return arrive(request.url);
    const response = await fetch(request.url, { redirect: 'manual', ...request.init });
    const html = await response.text();
    const location = response.headers.get('Location');
    if (location !== null) {
      request = { url: new URL(location, request.url) };
      continue;
    }
    const landing = readLanding(html);
    if (landing !== null) return { ...landing, status: response.status, html, method: 'POST' };
    const next = response.ok ? answerPage(request.url, html, options) : null;
    if (next === null) return { url: request.url, status: response.status, html, fields: {}, method: null };
    request = next;
  }
  throw new Error(`The journey from ${home} has no end`);
}

function arrive(url: URL): Visit {
  return { url, status: 302, html: '', fields: Object.fromEntries(url.searchParams), method: 'GET' };
}

function answerPage(page: URL, html: string, options: VisitOptions): { url: URL; init: RequestInit } | null {
  const at = page.pathname.split('/').at(-1);
  if (at === options.cancelAt) return post(new URL('cancel', page), []);
  if (html.includes('role="alert"')) return null;
  switch (at) {
    case 'banks':
      return post(page, [['provider_id', options.providerId ?? 'mock']]);
    case 'branch': {
      const [, name = ''] = /<select[^<>]*name="([^"<>]+)"/.exec(html) ?? [];
      const [, value = ''] = /<option value="([^"]+)"/.exec(html.slice(html.indexOf('<select'))) ?? [];
      return post(page, [[name, value]]);
    }
    case 'consent':
      return post(page, []);
    case 'login':
      return post(page, [
        ['username', options.username ?? 'john'],
        ['password', options.password ?? 'doe'],
      ]);
    case 'accounts': {
      const offered = [...html.matchAll(/name="account"\s+value="([^"]+)"/g)].map(([, key = '']) => key);
      return post(
        page,
        (options.accountKeys ?? offered).map((key) => ['account', key]),
      );
    }
    default:
      return null;
  }
}

function post(url: URL, fields: [string, string][]): { url: URL; init: RequestInit } {
  return { url, init: { method: 'POST', body: new URLSearchParams(fields) } };
}

/** The form that sends itself to the client under response_mode=form_post. */
function readLanding(html: string): { url: URL; fields: Record<string, string> } | null {
  const action = /<form method="post" action="([^"]+)" id="landing">/.exec(html)?.[1];
  if (action === undefined) return null;
  const inputs = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  const fields = inputs.map(([, name = '', value = '']) => [toPlain(name), toPlain(value)]);
  return { url: new URL(toPlain(action)), fields: Object.fromEntries(fields) };
}

const characters: Record<string, string> = { quot: '"', '#39': "'", lt: '<', gt: '>', amp: '&' };

function toPlain(text: string): string {
  return text.replace(/&(quot|#39|lt|gt|amp);/g, (_, name: string) => characters[name] ?? '');
}
