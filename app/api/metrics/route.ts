import { createContext } from '#lib/context/context';
import { METRICS_CONTENT_TYPE, mayReadMetrics, renderMetrics } from '#lib/metrics/render-metrics';

export const dynamic = 'force-dynamic';

/** For Prometheus. */
export async function GET(request: Request): Promise<Response> {
  if (!mayReadMetrics(request.headers)) {
    return new Response(null, { status: 401, headers: { 'WWW-Authenticate': 'Bearer', 'Cache-Control': 'no-store' } });
  }
  const ctx = await createContext({ actor: { kind: 'system', job: 'metrics' } });
  return new Response(await renderMetrics(ctx), {
    headers: { 'Content-Type': METRICS_CONTENT_TYPE, 'Cache-Control': 'no-store' },
  });
}
