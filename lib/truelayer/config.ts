/** The client cannot be built, or was given what can never be right. Says which setting, and not its value. */
export class TrueLayerConfigError extends Error {
  readonly code: 'not_an_origin' | 'insecure_origin' | 'invalid_number';
  readonly setting: string;

  constructor(code: TrueLayerConfigError['code'], setting: string) {
    super(`TrueLayer client: ${setting} is refused: ${code}`);
    this.name = 'TrueLayerConfigError';
    this.code = code;
    this.setting = setting;
  }
}

/** A scheme, a host and a port, and nothing else. Plain http only where no network is between. */
export function parseOrigin(value: string | URL, setting: string): URL {
  const url = URL.parse(String(value));
  if (!url || !isWeb(url)) throw new TrueLayerConfigError('not_an_origin', setting);
  const hasMore =
    url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '';
  if (hasMore) throw new TrueLayerConfigError('not_an_origin', setting);
  if (!isSafeTransport(url)) throw new TrueLayerConfigError('insecure_origin', setting);
  return url;
}

export function isSafeTransport(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function isWeb(url: URL): boolean {
  return url.protocol === 'https:' || url.protocol === 'http:';
}

function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]') return true;
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}
