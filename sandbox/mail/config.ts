import { z } from 'zod';

export type MailConfig = { host: string; smtpPort: number; httpPort: number };

const port = (standard: number) =>
  z.preprocess(
    (value) => (value === '' ? undefined : value),
    z.coerce.number('must be a port number').int().min(0).max(65_535).default(standard),
  );

const Environment = z.object({
  MAIL_HOST: z.string().min(1).default('127.0.0.1'),
  MAIL_SMTP_PORT: port(3125),
  MAIL_HTTP_PORT: port(3180),
});

export class MailConfigError extends Error {
  readonly code = 'mail_config_invalid';
}

export function parseMailConfig(env: Record<string, string | undefined>): MailConfig {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${issue.path[0]?.toString()}: ${issue.message}`);
    throw new MailConfigError(`The mail catcher cannot start:\n${faults.join('\n')}`);
  }
  const { MAIL_HOST: host, MAIL_SMTP_PORT: smtpPort, MAIL_HTTP_PORT: httpPort } = parsed.data;
  return { host, smtpPort, httpPort };
}
