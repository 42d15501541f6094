// What a local trial begins with: the list of banks, and the two people whom the sign-in page offers. Safe to run again.
import { refreshBanks } from '#lib/banks/refresh-banks';
import { createContext } from '#lib/context/context';
import { database } from '#lib/db/client';
import { ensureSealedSettings } from '#lib/settings/sealed-settings';

const ctx = await createContext({ actor: { kind: 'system', job: 'seed' } });
await ensureSealedSettings(ctx);
await refreshBanks(ctx);
await database().user.createMany({
  data: [
    { email: 'demo@example.com', name: 'Demo Person', role: 'user', createdAt: ctx.clock.now() },
    { email: 'admin@example.com', name: 'Demo Admin', role: 'admin', createdAt: ctx.clock.now() },
  ],
  skipDuplicates: true,
});
await database().$disconnect();
