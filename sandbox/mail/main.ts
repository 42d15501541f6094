import { MailConfigError, parseMailConfig } from './config.ts';
import { startMailCatcher } from './start.ts';

try {
  const catcher = await startMailCatcher(parseMailConfig(process.env));
  process.stdout.write(`mail catcher listening on ${catcher.url}\nmail catcher takes mail on ${catcher.smtpUrl}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void catcher.close().then(() => process.exit(0)));
  }
} catch (cause) {
  if (!(cause instanceof MailConfigError)) throw cause;
  process.stderr.write(`${cause.message}\n`);
  process.exitCode = 1;
}
