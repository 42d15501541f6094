import 'server-only';
import pg from 'pg';
import { env } from '#lib/env/env';

const CONNECT_TIMEOUT_MS = 10_000;

/** What is wrong with `DATABASE_DIRECT_URL`, as a sentence without its password. Null when it is not set or accepts a connection. */
export async function findDirectUrlProblem(): Promise<string | null> {
  const { databaseUrl, databaseDirectUrl } = env();
  if (databaseDirectUrl === databaseUrl) return null;
  const client = new pg.Client({ connectionString: databaseDirectUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return null;
  } catch (error) {
    const { host } = new URL(databaseDirectUrl);
    const advice = 'The worker and the migrations need it past a connection pooler; without a pooler, leave it empty';
    return `DATABASE_DIRECT_URL can't be used: ${host} does not accept the connection (${reasonOf(error)}). ${advice}.`;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A host with several addresses gives one error for each, in an error without a message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message !== '' || !('code' in error) ? error.message : String(error.code);
}
