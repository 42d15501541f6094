import 'server-only';
import { PrismaPg } from '@prisma/adapter-pg';
import { env } from '#lib/env/env';
import { type Prisma, PrismaClient } from './generated/client.ts';
import { UTC_SESSION } from './utc-session.ts';

export type Database = PrismaClient;
export type Tx = Prisma.TransactionClient;

const held = globalThis as typeof globalThis & { linkwellDatabase?: Database };

/** One pool for each process; kept on the global so that hot reloading doesn't open a new one each time. */
export function database(): Database {
  held.linkwellDatabase ??= openDatabase(env().databaseUrl);
  return held.linkwellDatabase;
}

/** A pool of its own. The driver reads `sslmode`, `sslrootcert` and the other parameters of `connectionString` itself. */
export function openDatabase(connectionString: string): Database {
  return new PrismaClient({
    adapter: new PrismaPg({
      connectionString,
      max: env().databasePoolSize,
      connectionTimeoutMillis: 10_000,
      ...UTC_SESSION,
    }),
    transactionOptions: { maxWait: 10_000, timeout: 60_000 },
  });
}
