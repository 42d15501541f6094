import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import { isFromThisMachine } from '#lib/auth/client-address';
import type { Context } from '#lib/context/context';
import { hashOf, isSameSecret } from '#lib/crypto/secret';
import { env } from '#lib/env/env';
import { databaseMetrics } from './database-metrics.ts';
import { type Metric, toExposition } from './exposition.ts';
import { httpMetrics } from './http-metrics.ts';
import { gauge, processMetrics } from './process-metrics.ts';

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * With METRICS_TOKEN set, whoever brings it; without it, only a caller on this very machine that no proxy passed on. Figures
 * name nobody, but how a business is doing is nobody else's either.
 */
export function mayReadMetrics(headers: Pick<Headers, 'get'>): boolean {
  const { metricsToken } = env();
  if (metricsToken !== null) {
    const given = /^Bearer (.+)$/.exec(headers.get('authorization') ?? '')?.[1] ?? '';
    return isSameSecret(hashOf(given), hashOf(metricsToken));
  }
  return isFromThisMachine(headers);
}

/** What this process and the whole deployment are doing. A database that doesn't answer is a figure too. */
export async function renderMetrics(ctx: Context): Promise<string> {
  requireSystem(ctx.actor);
  return toExposition([...processMetrics(), ...httpMetrics(), ...(await orDown(ctx))]);
}

async function orDown(ctx: Context): Promise<Metric[]> {
  const isUp = (value: 0 | 1) => gauge('linkwell_database_up', 'Whether the database answers.', value);
  try {
    return [isUp(1), ...(await databaseMetrics(ctx))];
  } catch (error) {
    ctx.log.error({ event: 'metrics.unavailable', error }, 'the database could not be asked for its figures');
    return [isUp(0)];
  }
}
