import { ConfigError, parseConfig } from './config.ts';
import { startStandIn } from './start.ts';

try {
  const standIn = await startStandIn(parseConfig(process.env));
  process.stdout.write(`stand-in listening on ${standIn.url}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void standIn.close().then(() => process.exit(0)));
  }
} catch (cause) {
  if (!(cause instanceof ConfigError)) throw cause;
  process.stderr.write(`${cause.message}\n`);
  process.exitCode = 1;
}
