import 'server-only';
import { findDirectUrlProblem } from '#lib/db/direct-url';
import { env } from '#lib/env/env';
import { bad, type Finding, good } from './finding.ts';

/** Whether the address past a connection pooler works. Nothing to say when there is none. */
export async function examineDirectUrl(): Promise<Finding[]> {
  const { databaseUrl, databaseDirectUrl } = env();
  if (databaseDirectUrl === databaseUrl) return [];
  const problem = await findDirectUrlProblem();
  return [
    problem === null ? good('direct URL', 'DATABASE_DIRECT_URL accepts connections.') : bad('direct URL', problem),
  ];
}
