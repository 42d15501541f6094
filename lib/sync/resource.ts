/** The kinds of data that belong to a connection as a whole. */
export type ConnectionResource = 'accounts' | 'cards' | 'info';

/** The kinds of data that each account has. */
export type AccountResource = 'balance' | 'transactions' | 'pending' | 'direct_debits' | 'standing_orders';

export type Resource = ConnectionResource | AccountResource;

/**
 * How a kind of data is doing. `unsupported`: the bank has no such thing, and is not asked again before the next sign-in.
 * `refused`: this one resource is denied while the connection is well. `needs_sign_in`: open only in the minutes after a
 * sign-in. `failing`: passing trouble. `waiting`: the day's calls are spent.
 */
export type ResourceState = 'ok' | 'unsupported' | 'refused' | 'needs_sign_in' | 'failing' | 'waiting';

export type ResourceRecord = {
  state: ResourceState;
  code: string | null;
  lastOkAt: Date | null;
  lastTriedAt: Date;
  /** Before this no background call is made for it. Null: nothing stands against one. */
  nextTryAt: Date | null;
  /** Failures in a row. */
  tries: number;
};
