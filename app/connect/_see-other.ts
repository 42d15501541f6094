import { env } from '#lib/env/env';

/** On to a page of ours, with nothing of this address told or kept. */
export function seeOther(path: string): Response {
  return new Response(null, {
    status: 303,
    headers: { Location: `${env().appUrl}${path}`, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' },
  });
}
