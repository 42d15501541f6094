import 'server-only';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { database } from '#lib/db/client';

/** What this release ships and the database doesn't have; everything, when it was never migrated. */
export async function findPendingMigrations(): Promise<string[]> {
  const [row] = await database().$queryRaw<[{ isKnown: boolean }]>`
    select to_regclass('_prisma_migrations') is not null as "isKnown"`;
  const rows = row.isKnown
    ? await database().$queryRaw<{ migration_name: string }[]>`
        select migration_name from _prisma_migrations where finished_at is not null and rolled_back_at is null`
    : [];
  const applied = new Set(rows.map((each) => each.migration_name));
  return (await shippedMigrations()).filter((name) => !applied.has(name));
}

let shipped: Promise<string[]> | undefined;

function shippedMigrations(): Promise<string[]> {
  shipped ??= readdir(path.join(process.cwd(), 'prisma/migrations'), { withFileTypes: true }).then((entries) =>
    entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort(),
  );
  return shipped;
}
