import 'server-only';
import type { BankSummary } from '#lib/banks/dto';
import { getBank } from '#lib/banks/get-bank';
import type { Context } from '#lib/context/context';
import { findDirectLinkRefusal } from '#lib/settings/direct-link-refusals';
import { getSettings } from '#lib/settings/settings';
import { flowTo } from './consent-offer.ts';

export type LinkableBank = BankSummary & {
  /** What the bank has and TrueLayer is known not to take in a direct link: it isn't offered. */
  refusedPermissions: string[];
};

/**
 * A bank as a new connection to it is offered.
 * @throws {NotFoundError} no such bank, or it can't be linked now
 */
export async function getLinkableBank(ctx: Context, bankId: string): Promise<LinkableBank> {
  const bank = await getBank(ctx, bankId);
  if (flowTo(await getSettings(ctx), bank) !== 'direct') return { ...bank, refusedPermissions: [] };
  const refusal = await findDirectLinkRefusal(ctx, bank.id);
  const areCardsRefused =
    refusal?.isInForce === true &&
    refusal.refused === 'cards' &&
    bank.permissions.includes('cards') &&
    bank.permissions.includes('accounts');
  if (!areCardsRefused) return { ...bank, refusedPermissions: [] };
  return {
    ...bank,
    permissions: bank.permissions.filter((permission) => permission !== 'cards'),
    refusedPermissions: ['cards'],
  };
}
