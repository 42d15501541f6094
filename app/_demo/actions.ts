'use server';

import { refresh } from 'next/cache';
import { requestContext } from '#lib/auth/current-user';
import { listConnections } from '#lib/connections/list-connections';
import { env } from '#lib/env/env';
import { AppError } from '#lib/errors/app-error';
import { action, fields } from '../_lib/action.ts';
import { firstToEnd, JUMPS } from './jumps.ts';
import { moveClock } from './move-clock.ts';

/** A day of the permission that ends first; only forward, since nothing that has happened can be undone. */
export const jumpAction = action([fields], async (form) => {
  if (env().trueLayer.environment !== 'local') throw new AppError('forbidden', 'not_local');
  const ctx = await requestContext();
  const connections = await listConnections(ctx);
  const consent = firstToEnd(connections);
  const daysLeft = JUMPS.find((days) => String(days) === form.get('days-left'));
  if (consent === null || daysLeft === undefined) return;
  const target = new Date(consent.until.getTime() - daysLeft * 86_400_000);
  if (target > ctx.clock.now())
    await moveClock(
      target,
      connections.map(({ id }) => id),
    );
  refresh();
});
