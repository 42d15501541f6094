import { createServer, type Server, type ServerResponse } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { openFaults } from '#sandbox/control/faults';
import { openRequestLog } from '#sandbox/control/request-log';
import { openSwitches } from '#sandbox/control/switches';
import { openAnswerCache } from '#sandbox/data/answer-cache';
import { openTaskRunner } from '#sandbox/data/task-runner';
import { openSigner } from '#sandbox/grants/signer';
import { pruneStore } from '#sandbox/store/prune';
import { openStore } from '#sandbox/store/store';
import { makeApp } from './app.ts';
import { openClock } from './clock.ts';
import { parseConfig, type StandInConfig } from './config.ts';
import { openFront } from './front.ts';
import { withHostCheck } from './host-check.ts';
import type { World } from './world.ts';

export type StandIn = {
  url: string;
  clientId: string;
  clientSecret: string;
  close(): Promise<void>;
};

/** Starts the stand-in within this process. Without a port it takes a free one. */
export async function startStandIn(options: Partial<StandInConfig> = {}): Promise<StandIn> {
  const config: StandInConfig = { ...parseConfig({}), port: 0, ...options };
  const store = openStore(config.dataDir);
  let origin = config.publicUrl ?? '';
  const world: World = {
    config,
    origin: () => origin,
    store,
    clock: openClock(store),
    switches: openSwitches({ direct_links: config.directLinks, ...config.switches }),
    faults: openFaults(),
    requests: openRequestLog(),
    signer: await openSigner(store),
    answers: openAnswerCache(),
    tasks: openTaskRunner(),
  };
  const front = openFront(world, makeApp(world));
  const listener = getRequestListener((request, env) => front(request, toBindings(env)), {
    overrideGlobalObjects: false,
  });
  const server = createServer(
    withHostCheck(
      (incoming, outgoing) => {
        spellHeaders(outgoing);
        void listener(incoming, outgoing);
      },
      { listenAddress: config.host, publicUrl: config.publicUrl },
    ),
  );
  const url = await listen(server, config);
  if (config.publicUrl === null) origin = url;
  pruneStore(store, world.clock.nowMs());
  world.tasks.resume(world);
  return {
    url,
    clientId: config.clientId,
    clientSecret: config.clientSecret,
    async close() {
      world.tasks.stop();
      await stop(server);
      store.close();
    },
  };
}

function listen(server: Server, { host, port }: StandInConfig): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('The stand-in has no port'));
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${address.port}`);
    });
  });
}

const PATIENCE_MS = 2000;

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
  await closed;
  clearTimeout(timer);
}

function toBindings(env: { incoming: unknown; outgoing: unknown }): HttpBindings {
  // The server above speaks HTTP/1.1 only, so these are never the HTTP/2 kind.
  return env as HttpBindings;
}

const spellings = new Map(
  ['X-Tl-Correlation-Id', 'X-Credentials-Id', 'X-Request-Id', 'Cache-Control', 'Content-Type', 'Content-Encoding'].map(
    (name) => [name.toLowerCase(), name],
  ),
);

/** Sends header names as TrueLayer spells them; a client that minds the case should find out here. */
function spellHeaders(outgoing: ServerResponse): void {
  const send = outgoing.writeHead.bind(outgoing);
  outgoing.writeHead = (status: number, ...rest: unknown[]) => {
    const given = rest.find((each): each is Record<string, string> => typeof each === 'object' && each !== null);
    const spelled = Object.entries(given ?? {}).map(([name, value]) => [spellings.get(name) ?? name, value]);
    return send(status, Object.fromEntries(spelled));
  };
}
