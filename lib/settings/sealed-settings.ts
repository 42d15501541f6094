import 'server-only';
import { randomBytes } from 'node:crypto';
import type { Context } from '#lib/context/context';
import { openBytes, openText, seal } from '#lib/crypto/seal';
import { env } from '#lib/env/env';
import { AppError } from '#lib/errors/app-error';

export type ClientCredentials = { clientId: string; clientSecret: string };

/** TrueLayer's client id and secret are not known yet: an admin enters them under settings, or the environment names them. */
export class ClientCredentialsMissingError extends AppError {
  constructor() {
    super('unavailable', 'truelayer_client_missing');
  }
}

/** @throws {ClientCredentialsMissingError} */
export async function getClientCredentials(ctx: Context): Promise<ClientCredentials> {
  const rows = await ctx.db.sealedSetting.findMany({
    where: { name: { in: [nameOf('client_id'), nameOf('client_secret')] } },
    select: { name: true, valueSealed: true },
  });
  const open = (name: string) => {
    const row = rows.find((candidate) => candidate.name === name);
    if (row === undefined) throw new ClientCredentialsMissingError();
    return openText(cellOf(name), row.valueSealed);
  };
  return { clientId: open(nameOf('client_id')), clientSecret: open(nameOf('client_secret')) };
}

export async function saveClientCredentials(ctx: Context, credentials: ClientCredentials): Promise<void> {
  for (const [name, value] of Object.entries({
    [nameOf('client_id')]: credentials.clientId,
    [nameOf('client_secret')]: credentials.clientSecret,
  })) {
    const valueSealed = seal(cellOf(name), value);
    const updatedAt = ctx.clock.now();
    await ctx.db.sealedSetting.upsert({
      where: { name },
      create: { name, valueSealed, updatedAt },
      update: { valueSealed, updatedAt },
      select: { name: true },
    });
  }
}

/** First boot: takes over what the environment names, and never overwrites what is already stored. Safe from many processes. */
export async function ensureSealedSettings(ctx: Context): Promise<void> {
  const client = env().trueLayer.client;
  if (client !== null) {
    await addIfAbsent(ctx, nameOf('client_id'), client.id);
    await addIfAbsent(ctx, nameOf('client_secret'), client.secret);
  }
  await addIfAbsent(ctx, HASH_KEY, randomBytes(32).toString('base64'));
}

const HASH_KEY = 'account_number_hash_key';

/** The key for hashing account numbers. It never changes: pairing accounts across years depends on it. */
export async function getAccountNumberHashKey(ctx: Context): Promise<Buffer> {
  const row = await ctx.db.sealedSetting.findUniqueOrThrow({
    where: { name: HASH_KEY },
    select: { valueSealed: true },
  });
  return Buffer.from(openBytes(cellOf(HASH_KEY), row.valueSealed).toString('utf8'), 'base64');
}

async function addIfAbsent(ctx: Context, name: string, value: string): Promise<void> {
  await ctx.db.sealedSetting.createMany({
    data: [{ name, valueSealed: seal(cellOf(name), value), updatedAt: ctx.clock.now() }],
    skipDuplicates: true,
  });
}

function nameOf(part: 'client_id' | 'client_secret'): string {
  return `truelayer_${part}:${env().trueLayer.environment}`;
}

function cellOf(name: string) {
  return { table: 'sealed_settings', column: 'value_sealed', rowId: name };
}
