import { findBrowserSecret, keepReturnSecret } from '#lib/auth/cookies';
import { requestContext } from '#lib/auth/current-user';
import { receiveReturn } from '#lib/connections/receive-return';
import type { Context } from '#lib/context/context';
import { unreachable } from '#lib/errors/unreachable';
import { readCallback } from '#lib/truelayer/callback';
import { readAtMost } from '#lib/truelayer/read-at-most';
import { lose } from '../_lose.ts';
import { lostPath } from '../_lost-path.ts';
import { seeOther } from '../_see-other.ts';
import { settle } from '../_settle.ts';

const FORM_LIMIT_BYTES = 16 * 1024;

/** TrueLayer's redirect. Never renders: code and state are gone from the address bar with the next step. */
export async function GET(request: Request): Promise<Response> {
  return receive(new URL(request.url).searchParams);
}

/** The same as a form post from TrueLayer's site, with which our cookies don't come. */
export async function POST(request: Request): Promise<Response> {
  const body = await readAtMost(request.body, FORM_LIMIT_BYTES);
  return receive(new URLSearchParams(body === null ? '' : body.toString('utf8')));
}

/** Whatever comes back, and whatever breaks, the person lands on a page with words. */
async function receive(parameters: URLSearchParams): Promise<Response> {
  try {
    return seeOther(await nextStep(await requestContext(), parameters));
  } catch (error) {
    return seeOther(await lose(error));
  }
}

async function nextStep(ctx: Context, parameters: URLSearchParams): Promise<string> {
  const result = await receiveReturn(ctx, readCallback(parameters), await findBrowserSecret());
  switch (result.kind) {
    case 'lost':
      return lostPath(result);
    case 'parked':
      await keepReturnSecret(result.attemptId, result.returnSecret);
      return `/connect/return/${result.attemptId}`;
    case 'settled':
      return `/connect/result/${result.attemptId}`;
    case 'accepted':
      return settle(ctx, result);
    default:
      return unreachable(result);
  }
}
