import 'server-only';
import { examineRuntimeRole, RUNTIME_ROLE_ADVICE } from '#lib/db/runtime-role';
import { env } from '#lib/env/env';
import { log } from '#lib/log/log';
import type { Context } from './context.ts';

/** Logs an error at boot, outside `local`, when the database role of this process may do more than serve. */
export async function reportRuntimeRole(ctx: Context): Promise<void> {
  if (env().trueLayer.environment === 'local') return;
  const { role, excess } = await examineRuntimeRole(ctx.db);
  if (excess.length === 0) return;
  log().error(
    { event: 'database.role_excess', role },
    `the database role ${role} ${excess.join(' and ')}: ${RUNTIME_ROLE_ADVICE}`,
  );
}
