import type { z } from 'zod';
import type { Context } from '#lib/context/context';
import { database } from '#lib/db/client';
import type { StoredSettings } from '#lib/settings/settings';

/** The same context in a deployment that is set differently; the settings of other tests stay as they are. */
export function withSettings(ctx: Context, settings: z.infer<typeof StoredSettings>): Context {
  const db = database().$extends({ query: { setting: { findUnique: async () => ({ value: settings }) } } });
  // An extended client has all that the plain one has.
  return { ...ctx, db: db as unknown as Context['db'] };
}
