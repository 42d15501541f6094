export type Device = 'phone' | 'tablet' | 'desktop';

/** Good enough to say on which kind of device people leave; nothing depends on it. */
export function deviceOf(headers: Pick<Headers, 'get'>): Device {
  if (headers.get('sec-ch-ua-mobile') === '?1') return 'phone';
  const agent = (headers.get('user-agent') ?? '').toLowerCase();
  const [, ...behindAndroid] = agent.split('android');
  const isAndroidTablet = behindAndroid.at(-1)?.includes('mobile') === false;
  if (isAndroidTablet || /ipad|tablet/.test(agent)) return 'tablet';
  return /iphone|android|mobile/.test(agent) ? 'phone' : 'desktop';
}
