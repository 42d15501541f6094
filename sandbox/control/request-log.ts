export type RequestEntry = {
  id: number;
  time: string;
  method: string;
  path: string;
  query: Record<string, string>;
  is_attended: boolean;
  psu_ip: string | null;
  client_correlation_id: string | null;
  credentials_id: string | null;
  provider_id: string | null;
  status: number | null;
  outcome: 'answered' | 'dropped';
  fault_id: string | null;
  duration_ms: number;
};

export type RequestLog = {
  add(entry: Omit<RequestEntry, 'id'>): void;
  listSince(since: number): RequestEntry[];
  clear(): void;
};

const KEPT = 20_000;
const SECRET = /^(code|state|nonce|code_challenge|code_verifier|client_secret|refresh_token|access_token|webhook_uri)$/;

export function openRequestLog(): RequestLog {
  let entries: RequestEntry[] = [];
  let lastId = 0;
  return {
    add(entry) {
      lastId += 1;
      entries.push({ id: lastId, ...entry });
      if (entries.length > KEPT * 1.2) entries = entries.slice(-KEPT);
    },
    listSince: (since) => entries.filter((entry) => entry.id > since),
    clear() {
      entries = [];
    },
  };
}

export function toRedactedQuery(params: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...params].map(([name, value]) => [name, SECRET.test(name) ? '[redacted]' : value]));
}
