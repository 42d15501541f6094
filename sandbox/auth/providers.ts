import { type Context, Hono } from 'hono';
import { type Bank, listBanks } from '#sandbox/banks/catalogue';
import { drawMark } from '#sandbox/banks/mark';
import { toWords } from '#sandbox/banks/provider-filter';
import type { World } from '#sandbox/world';
import { sendAuthError } from './answers.ts';
import { isKnownClient } from './asked.ts';

export function providerRoutes(world: World): Hono {
  const app = new Hono();
  app.get('/api/providers', (c) => sendProviders(world, c, listBanks(world)));
  app.get('/api/providers/oauth/openbanking', (c) =>
    sendProviders(
      world,
      c,
      listBanks(world).filter((bank) => bank.id.startsWith('ob-')),
    ),
  );
  app.get('/api/providers/oauth', (c) => sendProviders(world, c, []));
  app.get('/api/providers/credentialssharing', (c) =>
    sendProviders(
      world,
      c,
      listBanks(world).filter((bank) => bank.id === 'mock'),
    ),
  );
  app.get('/logos/:file', (c) => {
    const id = c.req.param('file').replace(/\.svg$/, '');
    const bank = listBanks(world).find((each) => each.id === id);
    if (bank === undefined) return c.notFound();
    c.header('Content-Type', 'image/svg+xml; charset=utf-8');
    c.header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
    c.header('Cache-Control', 'public, max-age=86400');
    c.header('Access-Control-Allow-Origin', '*');
    return c.body(drawMark(bank));
  });
  return app;
}

export const logoUrlOf = (world: World, id: string) => `${world.origin()}/logos/${id}.svg`;

function sendProviders(world: World, c: Context, banks: readonly Bank[]): Response {
  const { providers_fail, malformed_provider } = world.switches.current();
  if (providers_fail) return sendAuthError(c, 500, 'internal_server_error');
  const client = c.req.query('clientId') ?? c.req.query('clientid');
  const scopes = toWords(c.req.query('scopes') ?? '');
  const countries = toWords(c.req.query('country') ?? '');
  const found = banks.filter(
    (bank) =>
      (client === undefined || isKnownClient(world, client)) &&
      scopes.every((scope) => scope === 'offline_access' || bank.scopes.includes(scope)) &&
      (countries.length === 0 || countries.includes(bank.country)),
  );
  const entries: unknown[] = found.map((bank) => toEntry(world, bank));
  // In the middle, where a reader that gives up loses something.
  if (malformed_provider) entries.splice(Math.floor(entries.length / 2), 0, { display_name: null, scopes: 'accounts' });
  c.header('Cache-Control', 'no-store');
  return c.json(entries);
}

function toEntry(world: World, bank: Bank) {
  return {
    provider_id: bank.id,
    display_name: bank.name,
    country: bank.country,
    logo_url: logoUrlOf(world, bank.id),
    scopes: [...bank.scopes, 'offline_access'],
    ...(bank.steps === undefined ? {} : { steps: bank.steps }),
    ...(bank.availability === undefined ? {} : { availability: bank.availability }),
  };
}
