import { offerRenewal } from '#lib/connections/renewal-offer';
import { offerDifference, type StartChangeInput, startChange } from '#lib/connections/start-change';
import { type StartRenewalInput, startRenewal } from '#lib/connections/start-renewal';
import { markOf } from '#lib/connections/words-mark';
import type { Context } from '#lib/context/context';

/** Reads the page and says yes to it, as a person does. */
export async function renewAsShown(ctx: Context, input: Omit<StartRenewalInput, 'shown'>) {
  const shown = markOf(await offerRenewal(ctx, input.connectionId));
  return startRenewal(ctx, { ...input, shown });
}

/** The same for a change of what is shared. */
export async function changeAsShown(ctx: Context, input: Omit<StartChangeInput, 'shown'>) {
  const { wording } = await offerDifference(ctx, input);
  return startChange(ctx, { ...input, shown: markOf(wording) });
}
