import type { Bench } from './figure.ts';

/** By the name that `npm run bench -- <name> …` takes, each loaded only when it is run. */
export const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  admin: async () => (await import('./admin.ts')).measureAdmin,
  connect: async () => (await import('./connect.ts')).measureConnect,
  ingest: async () => (await import('./ingest.ts')).measureIngest,
  landing: async () => (await import('./landing.ts')).measureLanding,
  history: async () => (await import('./history.ts')).measureHistory,
  sealing: async () => (await import('./sealing.ts')).measureSealing,
  memory: async () => (await import('./memory.ts')).measureMemory,
  due: async () => (await import('./due.ts')).measureDue,
};
