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
  held.linkwellDatabase ??= new PrismaClient({
    adapter: new PrismaPg({
      connectionString: env().databaseUrl,
      max: env().databasePoolSize,
      connectionTimeoutMillis: 10_000,
      ...UTC_SESSION,
    }),
    transactionOptions: { maxWait: 10_000, timeout: 60_000 },
  });
  return held.linkwellDatabase;
}
