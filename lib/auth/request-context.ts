import 'server-only';
import { headers } from 'next/headers';
import type { Actor } from '#lib/actor/actor';
import { type Context, createContext } from '#lib/context/context';
import { clientAddressOf } from './client-address.ts';

/** The context of the request that is being answered, acting as `actor`. */
export async function contextOfRequest(actor: Actor): Promise<Context> {
  const sent = await headers();
  return createContext({
    actor,
    requestId: sent.get('x-request-id') ?? undefined,
    callerAddress: clientAddressOf(sent),
  });
}
