import { Hono } from 'hono';
import { authLinkRoutes } from '#sandbox/auth/auth-link';
import { bankRoutes } from '#sandbox/auth/bank';
import { bankLinkRoutes } from '#sandbox/auth/bank-link';
import { dialogRoutes } from '#sandbox/auth/dialog';
import { extendRoutes } from '#sandbox/auth/extend';
import { providerRoutes } from '#sandbox/auth/providers';
import { reauthLinkRoutes } from '#sandbox/auth/reauth-link';
import { revokeRoutes } from '#sandbox/auth/revoke';
import { statusRoutes } from '#sandbox/auth/status';
import { tokenRoutes } from '#sandbox/auth/token';
import { trackedEventRoutes } from '#sandbox/auth/tracked-events';
import { controlRoutes } from '#sandbox/control/routes';
import { dataRoutes } from '#sandbox/data/routes';
import { styleSheet } from '#sandbox/pages/page';
import { addStandingHeaders } from './standing-headers.ts';
import type { World } from './world.ts';

export function makeApp(world: World): Hono {
  // The real servers answer with and without a slash at the end.
  const app = new Hono({ strict: false });
  app.use(async (c, next) => {
    await next();
    addStandingHeaders(c.res.headers);
  });
  app.get('/health', (c) => c.json({ status: 'ok' }));
  app.get('/clock', (c) =>
    c.json({ now: new Date(world.clock.nowMs()).toISOString(), offset_ms: world.clock.offsetMs() }),
  );
  app.get('/assets/pages.css', (c) => {
    c.header('Content-Type', 'text/css; charset=utf-8');
    c.header('Cache-Control', 'public, max-age=31536000, immutable');
    return c.body(styleSheet);
  });
  for (const routes of authServer) app.route('/', routes(world));
  app.route('/control', controlRoutes(world));
  app.route('/data/v1', dataRoutes(world));
  app.notFound((c) => c.json({ error: 'not_found', error_description: 'not found', error_details: {} }, 404));
  app.onError((cause, c) => {
    process.stderr.write(`${cause.stack ?? cause.message}\n`);
    return c.json({ error: 'internal_server_error', error_description: 'Internal server error.' }, 500);
  });
  return app;
}

const authServer = [
  authLinkRoutes,
  bankLinkRoutes,
  bankRoutes,
  dialogRoutes,
  extendRoutes,
  providerRoutes,
  reauthLinkRoutes,
  revokeRoutes,
  statusRoutes,
  tokenRoutes,
  trackedEventRoutes,
];
