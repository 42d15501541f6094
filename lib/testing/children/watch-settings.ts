// Another process that runs all the while: says what the settings are, whenever it looks.
import { setTimeout as wait } from 'node:timers/promises';
import { createContext } from '#lib/context/context';
import { getSettings } from '#lib/settings/settings';

const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
for (;;) {
  const { flow, reminderDays } = await getSettings(ctx);
  process.stdout.write(`${flow} ${reminderDays.join(',')}\n`);
  await wait(200);
}
