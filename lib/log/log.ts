import 'server-only';
import { pino } from 'pino';
import { env } from '#lib/env/env';

export type Log = {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** A log whose every line carries these fields too. */
  with(fields: LogFields): Log;
};

export type LogFields = Readonly<Record<string, unknown>>;

// Nothing secret is ever handed to a log on purpose. This is the second net, for the day when somebody hands it an object.
const SECRET_FIELDS = [
  'accessToken',
  'refreshToken',
  'access_token',
  'refresh_token',
  'client_secret',
  'clientSecret',
  'code',
  'state',
  'codeVerifier',
  'code_verifier',
  'password',
  'token',
  'secret',
  'authorization',
  'cookie',
  'url',
];

let root: Log | undefined;

export function log(): Log {
  root ??= wrap(
    pino({
      level: env().logLevel,
      base: { service: process.title === 'node' ? 'linkwell' : process.title },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describeError },
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[secret]' },
    }),
  );
  return root;
}

type Writer = Pick<ReturnType<typeof pino>, 'debug' | 'info' | 'warn' | 'error' | 'child'>;

function wrap(writer: Writer): Log {
  return {
    debug: (fields, message) => writer.debug(fields, message),
    info: (fields, message) => writer.info(fields, message),
    warn: (fields, message) => writer.warn(fields, message),
    error: (fields, message) => writer.error(fields, message),
    with: (fields) => wrap(writer.child(fields)),
  };
}

/** What an operator needs of an error: its class, code, message and stack, and those of its causes; not its own fields. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, kind } = error as Error & { code?: unknown; kind?: unknown };
  return {
    type: error.name,
    ...(typeof code === 'string' ? { errorCode: code } : {}),
    ...(typeof kind === 'string' ? { errorKind: kind } : {}),
    message: error.message,
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
