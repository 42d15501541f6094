export type Device = 'phone' | 'tablet' | 'desktop';

/** Good enough to say on which kind of device people leave; nothing depends on it. */
export function deviceOf(headers: Pick<Headers, 'get'>): Device {
  if (headers.get('sec-ch-ua-mobile') === '?1') return 'phone';
  const agent = headers.get('user-agent') ?? '';
  if (/ipad|tablet|android(?!.*mobile)/i.test(agent)) return 'tablet';
  return /iphone|android|mobile/i.test(agent) ? 'phone' : 'desktop';
}
