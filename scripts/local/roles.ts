import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { root } from './paths.ts';

export type DatabaseRoles = { ownerUrl: string; runtimeUrl: string };

/**
 * Creates the owner and the runtime role on the server of `adminUrl`, and makes the owner own everything in its database: also
 * what an earlier release created as the administrator. Without passwords the server has to trust its clients.
 */
export async function provideRoles(
  adminUrl: string,
  passwords: { owner: string; runtime: string } | null,
): Promise<DatabaseRoles> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(
      "select set_config('linkwell.owner_password', $1, false), set_config('linkwell.runtime_password', $2, false)",
      [passwords?.owner ?? '', passwords?.runtime ?? ''],
    );
    await client.query(readFileSync(path.join(root, 'prisma/roles.sql'), 'utf8'));
  } finally {
    await client.end();
  }
  return {
    ownerUrl: urlAs(adminUrl, 'linkwell_owner', passwords?.owner),
    runtimeUrl: urlAs(adminUrl, 'linkwell_runtime', passwords?.runtime),
  };
}

function urlAs(adminUrl: string, role: string, password = ''): string {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = password;
  return url.href;
}
