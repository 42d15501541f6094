/** What a call asks for, apart from who asks. */
export type Resource =
  | { kind: 'info' }
  | { kind: 'list'; of: Holding }
  | { kind: 'one' | 'balance' | 'pending' | 'transactions'; of: Holding; accountId: string }
  | { kind: 'standing_orders' | 'direct_debits'; of: 'accounts'; accountId: string };

export type Holding = 'accounts' | 'cards';

const parts = { balance: 'balance', transactions: 'transactions', 'transactions/pending': 'pending' } as const;

/** Reads the path below /data/v1; null for what the API doesn't have. */
export function findResource(path: string): Resource | null {
  if (path === '/info') return { kind: 'info' };
  const [, of, id, part] = /^\/(accounts|cards)(?:\/([^/]+)(?:\/(.+))?)?$/.exec(path) ?? [];
  if (of !== 'accounts' && of !== 'cards') return null;
  if (id === undefined) return { kind: 'list', of };
  const accountId = toPlain(id);
  if (accountId === null) return null;
  if (part === undefined) return { kind: 'one', of, accountId };
  if (of === 'accounts' && (part === 'standing_orders' || part === 'direct_debits')) {
    return { kind: part, of, accountId };
  }
  const kind = Object.entries(parts).find(([name]) => name === part)?.[1];
  return kind === undefined ? null : { kind, of, accountId };
}

/** Null for a text that is not percent-encoded properly. */
function toPlain(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    if (cause instanceof URIError) return null;
    throw cause;
  }
}

export function scopesFor(resource: Resource): string[] {
  switch (resource.kind) {
    case 'info':
      return ['info'];
    case 'list':
    case 'one':
      return [resource.of];
    case 'balance':
      return [resource.of, 'balance'];
    case 'transactions':
    case 'pending':
      return [resource.of, 'transactions'];
    case 'standing_orders':
    case 'direct_debits':
      return ['accounts', resource.kind];
  }
}

export function isDated(resource: Resource): boolean {
  return resource.kind === 'transactions' || resource.kind === 'pending';
}
