import { Hono } from 'hono';
import { DAY_MS } from '#sandbox/ledger/days';
import type { TrackedEvent } from '#sandbox/store/records';
import type { World } from '#sandbox/world';

const KEPT_DAYS = 60;

/** How far somebody got, by the tracking id that their link carried. Any token of ours will do. */
export function trackedEventRoutes(world: World): Hono {
  const app = new Hono();
  app.get('/v1/tracked-events', async (c) => {
    const token = /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
    if (token === undefined || (await world.signer.read(token)) === null) return c.json({}, 401);
    const trackingId = c.req.query('tracking_id');
    if (trackingId === undefined || trackingId === '') return c.text('tracking_id is required', 400);
    const oldest = world.clock.nowMs() - KEPT_DAYS * DAY_MS;
    const events = world.store.events.list().filter((event) => event.trackingId === trackingId && event.at >= oldest);
    return events.length === 0 ? c.json({}, 404) : c.json({ results: events.map(toWireEvent) });
  });
  return app;
}

function toWireEvent({ name, at, flowId, credentialsId, consentId, providerId, isReauth }: TrackedEvent) {
  return {
    name,
    time: new Date(at).toISOString().replace('Z', '4799Z'),
    flow_id: flowId,
    ...(credentialsId === null ? {} : { credentials_id: credentialsId }),
    ...(consentId === null ? {} : { consent_id: consentId }),
    ...(providerId === null ? {} : { provider_id: providerId }),
    reauth: isReauth,
  };
}
