import type { Bank } from './catalogue.ts';

const places = [
  'Alderbrook',
  'Birchmoor',
  'Castlegate',
  'Dunmere',
  'Eastvale',
  'Fernhill',
  'Glenrook',
  'Harrowdale',
  'Inverlea',
  'Kestrel',
  'Larkfield',
  'Marlow Vale',
  'Northbrook',
  'Oakhaven',
  'Penrose',
  'Quayside',
  'Ravensworth',
  'Stonebridge',
  'Thornbury',
  'Upland',
  'Vantage',
  'Westmere',
  'Yarrow',
  'Zephyr',
];
const kinds = ['Bank', 'Building Society', 'Savings', 'Mutual', 'Credit Union', 'Private Bank', 'Digital', 'Trust'];
const scopes = ['info', 'accounts', 'balance', 'transactions', 'cards', 'direct_debits', 'standing_orders'];

const made: Bank[] = [];

/** Makes the list as long as a client may ever meet, for pickers and filters. */
export function listInventedBanks(count: number): Bank[] {
  while (made.length < count) made.push(inventBank(made.length));
  return made.slice(0, count);
}

function inventBank(index: number): Bank {
  const place = places[index % places.length] ?? 'Oakhaven';
  const kind = kinds[Math.floor(index / places.length) % kinds.length] ?? 'Bank';
  const round = Math.floor(index / (places.length * kinds.length));
  const name = round === 0 ? `${place} ${kind}` : `${place} ${kind} ${round + 1}`;
  return { id: `ob-${name.toLowerCase().replaceAll(' ', '-')}`, name, country: 'uk', scopes };
}
