import 'server-only';
import type { Context } from '#lib/context/context';
import { examineApp } from './examine-app.ts';
import { examineDatabase } from './examine-database.ts';
import { examineDirectUrl } from './examine-direct-url.ts';
import { examineOpenId } from './examine-open-id.ts';
import { examineTrueLayer } from './examine-truelayer.ts';
import type { Finding } from './finding.ts';

/** Looks at a configuration from every side that can be seen from here, and says in words what it finds. Changes nothing. */
export async function examine(ctx: Context): Promise<Finding[]> {
  const database = [...(await examineDatabase(ctx)), ...(await examineDirectUrl())];
  const isReadable = database.every(({ verdict }) => verdict !== 'bad');
  const [trueLayer, app, openId] = await Promise.all([
    examineTrueLayer(ctx, { isDatabaseReadable: isReadable }),
    examineApp(),
    examineOpenId(),
  ]);
  return [...database, ...trueLayer, ...app, ...openId];
}
