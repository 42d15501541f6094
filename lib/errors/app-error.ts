/** What an edge (action, route handler, worker) switches on. Closed on purpose: a new kind is a decision for every edge. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'rate_limited'
  | 'unavailable';

export type ErrorFields = Readonly<Record<string, string | number | boolean | null>>;

type AppErrorOptions = { message?: string; fields?: ErrorFields; cause?: unknown };

/**
 * An expected refusal. `code` belongs to the room that throws it and is what people's words are looked up by; `message` is
 * for operators. Neither may carry a secret.
 */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly fields: ErrorFields;

  constructor(kind: ErrorKind, code: string, options: AppErrorOptions = {}) {
    super(options.message ?? code, { cause: options.cause });
    this.name = new.target.name;
    this.kind = kind;
    this.code = code;
    this.fields = options.fields ?? {};
  }
}

/** A row that is absent and a row that is somebody else's are the same answer. */
export class NotFoundError extends AppError {
  constructor(what: string) {
    super('not_found', `${what}_not_found`);
  }
}
