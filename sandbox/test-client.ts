import { onTestFinished } from 'vitest';
import type { StandInConfig } from './config.ts';
import { type StandIn, startStandIn } from './start.ts';
import { type VisitOptions, visitAuthLink } from './visitor.ts';

export const REDIRECT_URI = 'http://localhost:3000/connect/callback';
export const ALL_SCOPES = 'info accounts balance transactions cards direct_debits standing_orders offline_access';
export const DAY = 86_400_000;
const PSU_IP = '203.0.113.9';

type Json = Record<string, unknown>;
export type Answer = { status: number; headers: Headers; text: string; json: Json; results: Json[] };
type Tokens = { access_token: string; refresh_token: string; expires_in: number; scope: string };

/** A little client of the stand-in for its own tests; another one than the app's, on purpose. */
export type TestClient = StandIn & {
  link(query?: Record<string, string | null>): string;
  call(
    method: string,
    path: string,
    init?: { json?: unknown; form?: Record<string, string>; headers?: Record<string, string> },
  ): Promise<Answer>;
  token(fields: Record<string, string>): Promise<Answer>;
  connect(query?: Record<string, string | null>, visit?: VisitOptions): Promise<Linked>;
  exchange(code: string, more?: Record<string, string>): Promise<Linked>;
  switches(change: Json): Promise<void>;
  advance(ms: number): Promise<void>;
};

export type Linked = Tokens & {
  /** An attended call, unless told otherwise. */
  get(path: string, how?: { isAttended?: boolean; headers?: Record<string, string> }): Promise<Answer>;
  refresh(): Promise<Answer>;
};

export async function startForTest(options: Partial<StandInConfig> = {}): Promise<TestClient> {
  const standIn = await startStandIn({ isControllable: true, directLinks: 'all', ...options });
  onTestFinished(() => standIn.close());
  return clientOf(standIn);
}

export function clientOf(standIn: StandIn): TestClient {
  const { url, clientId, clientSecret } = standIn;
  const call: TestClient['call'] = async (method, path, { json, form, headers = {} } = {}) => {
    const body = json === undefined ? form && new URLSearchParams(form) : JSON.stringify(json);
    const type = json === undefined ? {} : { 'Content-Type': 'application/json' };
    const target = path.startsWith('http') ? path : url + path;
    const response = await fetch(target, {
      method,
      headers: { ...type, ...headers },
      redirect: 'manual',
      ...(body && { body }),
    });
    return readAnswer(response);
  };
  const token: TestClient['token'] = (fields) =>
    call('POST', '/connect/token', { form: { client_id: clientId, client_secret: clientSecret, ...fields } });
  const exchange: TestClient['exchange'] = async (code, more = {}) => {
    const answer = await token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, ...more });
    if (answer.status !== 200) throw new Error(`The code was refused: ${answer.text}`);
    return linkedOf(toTokens(answer.json));
  };
  const linkedOf = (tokens: Tokens): Linked => ({
    ...tokens,
    get: (path, { isAttended = true, headers = {} } = {}) =>
      call('GET', path.startsWith('http') ? path : `/data/v1${path}`, {
        headers: {
          Authorization: `Bearer ${tokens.access_token}`,
          ...(isAttended ? { 'X-PSU-IP': PSU_IP } : {}),
          ...headers,
        },
      }),
    refresh: () => token({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token }),
  });
  const link: TestClient['link'] = (query = {}) => {
    const all: Record<string, string | null> = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: REDIRECT_URI,
      scope: ALL_SCOPES,
      providers: 'uk-ob-all uk-cs-mock ie-ob-all fr-ob-all fr-stet-all de-ob-all',
      provider_id: 'ob-monzo',
      consent_id: 'consent1',
      state: crypto.randomUUID(),
      ...query,
    };
    const given = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
    return `${url}/?${new URLSearchParams(given)}`;
  };
  return {
    ...standIn,
    link,
    call,
    token,
    exchange,
    connect: async (query, visit) => exchange((await visitAuthLink(link(query), visit)).fields.code ?? ''),
    switches: async (change) => expectOk(await call('PUT', '/control/switches', { json: change })),
    advance: async (ms) => expectOk(await call('PUT', '/control/clock', { json: { advance_ms: ms } })),
  };
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('Content-Type')?.includes('json') === true && text !== '';
  const json: Json = isJson ? JSON.parse(text) : {};
  const results = Array.isArray(json.results) ? json.results : [];
  return { status: response.status, headers: response.headers, text, json, results };
}

function toTokens({ access_token, refresh_token, expires_in, scope }: Json): Tokens {
  return {
    access_token: String(access_token),
    refresh_token: String(refresh_token),
    expires_in: Number(expires_in),
    scope: String(scope),
  };
}

function expectOk({ status, text }: Answer): void {
  if (status !== 200) throw new Error(`The control refused: ${text}`);
}

/** The id of the person's first account (or card) and a bearer to read it with. */
export async function firstIdOf(linked: Linked, of: 'accounts' | 'cards' = 'accounts'): Promise<string> {
  const { results } = await linked.get(`/${of}`);
  return String(results[0]?.account_id);
}

export const dayAgo = (days: number) => new Date(Date.now() - days * DAY).toISOString().slice(0, 10);
