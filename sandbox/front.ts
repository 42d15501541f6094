import { setTimeout as wait } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import { findBank } from '#sandbox/banks/catalogue';
import { traitsOf } from '#sandbox/banks/traits';
import { spoilResponse, toFaultResponse } from '#sandbox/control/fault-effects';
import type { FaultAction, FaultTarget, StandingFault } from '#sandbox/control/faults';
import { toRedactedQuery } from '#sandbox/control/request-log';
import { countUnattended } from '#sandbox/data/limits';
import { findResource } from '#sandbox/data/resource';
import { addStandingHeaders } from './standing-headers.ts';
import type { World } from './world.ts';

type Front = (request: Request, env: HttpBindings) => Promise<Response>;

const untouchable = /^\/(control|clock|health|assets|logos)(\/|$)/;

/** Stands before the app: writes down every request and does to it what a standing fault says. */
export function openFront(world: World, app: Hono): Front {
  const pass = async (request: Request, env: HttpBindings) => app.fetch(request, env);
  return async (request, env) => {
    const url = new URL(request.url);
    if (untouchable.test(url.pathname)) return pass(request, env);
    const startedMs = performance.now();
    const target = await readTarget(world, request, url);
    // HEAD asks for nothing, so it uses up no fault either.
    const fault = request.method === 'HEAD' ? null : world.faults.take(target);
    const response =
      fault === null ? await pass(request, env) : await strike(world, fault, { request, env, target, pass });
    world.requests.add({
      time: new Date(world.clock.nowMs()).toISOString(),
      method: target.method,
      path: url.pathname,
      query: toRedactedQuery(url.searchParams),
      is_attended: target.attended,
      psu_ip: request.headers.get('X-PSU-IP'),
      client_correlation_id: request.headers.get('X-Client-Correlation-Id'),
      credentials_id: target.credentials_id,
      provider_id: target.provider_id,
      status: response === 'dropped' ? null : response.status,
      outcome: response === 'dropped' ? 'dropped' : 'answered',
      fault_id: fault?.id ?? null,
      duration_ms: Math.round(performance.now() - startedMs),
    });
    if (response !== 'dropped') return response;
    env.incoming.socket.destroy();
    return new Response(null, { headers: { 'x-hono-already-sent': 'true' } });
  };
}

async function readTarget(world: World, request: Request, url: URL): Promise<FaultTarget> {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.get('Authorization') ?? '')?.[1];
  const claims = token === undefined ? null : await world.signer.read(token);
  const resource = findResource(url.pathname.replace(/^\/data\/v1/, ''));
  return {
    method: request.method,
    path: url.pathname,
    provider_id: typeof claims?.connector_id === 'string' ? claims.connector_id : null,
    account_id: resource !== null && 'accountId' in resource ? resource.accountId : null,
    credentials_id: claims?.sub ?? null,
    attended: request.headers.has('X-PSU-IP'),
  };
}

type Struck = {
  request: Request;
  env: HttpBindings;
  target: FaultTarget;
  pass: (request: Request, env: HttpBindings) => Promise<Response>;
};

async function strike(world: World, fault: StandingFault, struck: Struck): Promise<Response | 'dropped'> {
  const { request, env, target, pass } = struck;
  const { action } = fault;
  if (action.delay_ms !== undefined) await wait(action.delay_ms);
  if (action.hold) await world.faults.untilRemoved(fault.id);
  if (action.drop) return 'dropped';
  if (insteadOfWork(action)) {
    countAsCall(world, target);
    const response = toFaultResponse(action);
    addStandingHeaders(response.headers);
    if (target.credentials_id !== null) response.headers.set('X-Credentials-Id', target.credentials_id);
    return response;
  }
  const replay = action.duplicate ? request.clone() : null;
  let response = await pass(request, env);
  if (replay !== null) response = await pass(replay, env);
  return action.drop_after ? 'dropped' : spoilResponse(action, response);
}

function insteadOfWork({ status, error, body, running_200, malformed }: FaultAction): boolean {
  return (
    status !== undefined || error !== undefined || body !== undefined || running_200 === true || malformed === true
  );
}

/** A call that the bank answers with a fault has been made all the same, and is one of the day's four. */
function countAsCall(world: World, { path, credentials_id, provider_id, attended }: FaultTarget): void {
  const resource = path.startsWith('/data/v1/') ? findResource(path.replace('/data/v1', '')) : null;
  const bank = provider_id === null ? null : findBank(world, provider_id);
  if (attended || resource === null || credentials_id === null || bank === null) return;
  countUnattended(world, credentials_id, resource, traitsOf(world, bank));
}
