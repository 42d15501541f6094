/** Where to go after signing in: a path of ours, or the front page. An address of somebody else's is never followed. */
export function safeReturnPath(path: string | null | undefined): string {
  if (!path?.startsWith('/') || path.startsWith('//') || path.includes('\\')) return '/';
  const url = URL.parse(path, 'https://app.invalid');
  if (url?.origin !== 'https://app.invalid') return '/';
  // Taking the dots out may leave two slashes in front, which name somebody else's host.
  return url.pathname.startsWith('//') ? '/' : `${url.pathname}${url.search}`;
}
