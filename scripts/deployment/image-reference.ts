/**
 * Whether an image reference always means the same release: a full version tag (`node:24.21.0-bookworm-slim`, `postgres:18.4`)
 * or a digest. PostgreSQL's versions have two parts, so two are enough.
 */
export function isPinned(reference: string): boolean {
  const [name = '', digest] = reference.split('@');
  if (digest !== undefined) return /^sha256:[0-9a-f]{64}$/.test(digest);
  const tag = /:([^/:]+)$/.exec(name)?.[1] ?? '';
  return /^\d+\.\d+(\.\d+)?(-[a-z0-9.-]+)?$/.test(tag);
}
