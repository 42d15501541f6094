// Seals until it is killed, and says how often it has.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createContext } from '#lib/context/context';
import { seal } from '#lib/crypto/seal';

await createContext({ actor: { kind: 'system', job: 'test' } });
for (let sealed = 0; ; ) {
  for (let one = 0; one < 200; one++) seal({ table: 'test', column: 'text_sealed', rowId: 'one' }, 'text');
  sealed += 200;
  process.stdout.write(`sealed ${sealed}\n`);
  await nextTurn();
}
