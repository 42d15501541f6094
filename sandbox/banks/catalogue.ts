import { z } from 'zod';
import type { World } from '#sandbox/world';
import facts from './catalogue.json' with { type: 'json' };
import { listInventedBanks } from './invented.ts';

const Field = z.object({
  id: z.string(),
  type: z.string(),
  display_name: z.string(),
  help_text: z.string(),
  mandatory: z.boolean(),
  values: z.array(z.object({ value: z.string(), display_name: z.string() })),
});

const Bank = z.object({
  id: z.string(),
  name: z.string(),
  country: z.string(),
  scopes: z.array(z.string()),
  steps: z.array(z.object({ title: z.string(), fields: z.array(Field) })).optional(),
  availability: z.object({ recommended_status: z.string(), updated_at: z.string() }).optional(),
});
export type Bank = z.output<typeof Bank>;

export const recordedBanks: readonly Bank[] = z.array(Bank).parse(facts);
const recordedById = new Map(recordedBanks.map((bank) => [bank.id, bank]));

export function listBanks(world: World): Bank[] {
  return [...recordedBanks, ...listInventedBanks(world.switches.current().extra_banks)];
}

export function findBank(world: World, id: string): Bank | null {
  return recordedById.get(id) ?? listBanks(world).find((bank) => bank.id === id) ?? null;
}

export function getBank(world: World, id: string): Bank {
  const bank = findBank(world, id);
  if (bank === null) throw new Error(`No such bank: ${id}`);
  return bank;
}

export const hasCards = (bank: Bank) => bank.scopes.includes('cards');
export const hasAccounts = (bank: Bank) => bank.scopes.includes('accounts');
export const isBusiness = (bank: Bank) => /business|commercial|bankline|tide|mettle/i.test(`${bank.id} ${bank.name}`);

/** What a person sees; a name alone is shared by every country's Revolut. */
export function toBankTitle(bank: Bank, all: readonly Bank[]): string {
  const isShared = all.some((other) => other.name === bank.name && other.id !== bank.id);
  return isShared ? `${bank.name} (${toCountryName(bank.country)})` : bank.name;
}

const countryNames = new Intl.DisplayNames('en', { type: 'region' });

export function toCountryName(country: string): string {
  return countryNames.of(country === 'uk' ? 'GB' : country.toUpperCase()) ?? country;
}
