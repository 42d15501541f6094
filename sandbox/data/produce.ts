import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { World } from '#sandbox/world';
import type { Body } from './answer-cache.ts';
import type { Reached } from './call.ts';
import type { Refusal } from './refusals.ts';
import { findTrap } from './trap.ts';
import { toAccount, toAccountBalance, toCard, toCardBalance, toListed, toUpdateTimestamp } from './wire-holdings.ts';
import { toDirectDebits, toStandingOrders } from './wire-regulars.ts';
import { toPending, toTransactions } from './wire-transactions.ts';

const compress = promisify(gzip);

/** The results of a call that the bank let through, in TrueLayer's words. */
export function produceResults(world: World, reached: Reached): unknown[] | Refusal {
  if (isSomebodyElses(reached)) return { error: 'access_denied' };
  const trap = findTrap(reached);
  if (trap === null) return listResults(world, reached);
  return trap.distort(listResults(world, trap.widen(reached)), reached);
}

/** The body as it goes out. Long lists of booked rows are worked out once a day for each form. */
export async function produceBody(world: World, reached: Reached, isGzipped: boolean): Promise<Body | Refusal> {
  const key = bodyKeyOf(world, reached, isGzipped);
  const kept = key === null ? null : world.answers.findBody(key);
  if (kept !== null) return { bytes: kept, isGzipped };
  const results = produceResults(world, reached);
  if (!Array.isArray(results)) return results;
  const plain = Buffer.from(JSON.stringify({ results, status: 'Succeeded' }));
  const bytes = isGzipped ? await compress(plain, { level: 1 }) : plain;
  if (key !== null) world.answers.keepBody(key, bytes);
  return { bytes, isGzipped };
}

/** The balance of a supplementary card belongs to the main card's holder, and is never told. */
function isSomebodyElses({ call, holding }: Reached): boolean {
  return holding !== null && 'limitMinor' in holding && holding.isSupplementary && call.resource.kind === 'balance';
}

function listResults(world: World, reached: Reached): unknown[] {
  const { resource } = reached.call;
  if (resource.kind === 'info') return [toInfo(reached)];
  if (resource.kind === 'list') return toListed(world, reached, resource.of);
  const { holding } = reached;
  if (holding === null) return [];
  if (resource.kind === 'transactions') return toTransactions(reached, holding);
  if (resource.kind === 'pending') return toPending(reached, holding);
  if ('limitMinor' in holding) {
    return [resource.kind === 'one' ? toCard(world, reached, holding) : toCardBalance(reached, holding)];
  }
  switch (resource.kind) {
    case 'one':
      return [toAccount(world, reached, holding)];
    case 'balance':
      return [toAccountBalance(reached, holding)];
    case 'standing_orders':
      return toStandingOrders(reached, holding);
    case 'direct_debits':
      return toDirectDebits(reached, holding);
  }
}

function toInfo({ person, call, asOfMs }: Reached) {
  const { branch } = call.connection;
  const first = person.username.replace(/\W/g, '.');
  return {
    full_name: person.fullName,
    ...(branch === null ? {} : { branch_id: branch }),
    ...(person.seed % 8 === 0 ? { emails: [`${first}@example.com`], phones: ['+447700900123'] } : {}),
    update_timestamp: toUpdateTimestamp(asOfMs),
  };
}

function bodyKeyOf(world: World, reached: Reached, isGzipped: boolean): string | null {
  const { call, person, traits, holding, window } = reached;
  if (call.resource.kind !== 'transactions' || holding === null || window === null) return null;
  if (person.character === 'trap') return null;
  const hasBalance = call.connection.scopes.includes('balance');
  const { fromDay, toDay } = window;
  return JSON.stringify([
    world.config.seed,
    person.bank.id,
    person.username,
    holding.key,
    fromDay,
    toDay,
    hasBalance,
    isGzipped,
    traits,
  ]);
}
