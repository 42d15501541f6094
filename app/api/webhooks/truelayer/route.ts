import { clientAddressOf } from '#lib/auth/client-address';
import { createContext } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { acceptWebhook } from '#lib/sync/accept-webhook';
import { readAtMost } from '#lib/truelayer/read-at-most';
import { webhookBodyLimitBytes } from '#lib/truelayer/webhook';

/**
 * TrueLayer tells that an asynchronous call has ended. Right, forged, doubled or late: the answer is the same, so that it
 * teaches nobody anything and nothing is sent a second time. What there is to do, a job does.
 */
export async function POST(request: Request): Promise<Response> {
  const body = await readAtMost(request.body, webhookBodyLimitBytes);
  if (body === null) return answer(413);
  const ctx = await createContext({
    actor: { kind: 'webhook', name: 'truelayer' },
    requestId: request.headers.get('x-request-id') ?? undefined,
    callerAddress: clientAddressOf(request.headers),
  });
  try {
    await acceptWebhook(ctx, { taskToken: new URL(request.url).searchParams.get('task') ?? '', body });
  } catch (error) {
    if (error instanceof AppError && error.kind === 'rate_limited') return answer(429);
    throw error;
  }
  return answer(200);
}

function answer(status: number): Response {
  return new Response(null, { status, headers: { 'Cache-Control': 'no-store' } });
}
