// A process of its own that finishes a stop, for tests in which several do so at once or one is killed.
import { finishStop } from '#lib/connections/finish-stop';
import { createContext } from '#lib/context/context';

const [connectionId = ''] = process.argv.slice(2);
const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
try {
  process.stdout.write(`${(await finishStop(ctx, connectionId)) === null ? 'left' : 'finished'}\n`);
} catch (error) {
  process.stdout.write(`failed ${error instanceof Error && 'code' in error ? error.code : String(error)}\n`);
}
process.exit(0);
