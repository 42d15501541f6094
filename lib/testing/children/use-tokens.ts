// A process of its own that needs a fresh token again and again, for tests that kill it. Says each generation that it was given.
import { getAccessToken } from '#lib/connections/tokens';
import { createContext } from '#lib/context/context';
import { createCallGate } from '#lib/sync/call-gate';

const [connectionId = '', times = '1'] = process.argv.slice(2);
const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
const gate = createCallGate(ctx, { connectionId, bankId: null });
let refused: number | undefined;
for (let time = 0; time < Number(times); time++) {
  try {
    const token = await getAccessToken(ctx, connectionId, { gate, ...(refused === undefined ? {} : { refused }) });
    process.stdout.write(`generation ${token.generation}\n`);
    refused = token.generation;
  } catch (error) {
    process.stdout.write(`failed ${error instanceof Error && 'code' in error ? error.code : String(error)}\n`);
  }
}
process.exit(0);
