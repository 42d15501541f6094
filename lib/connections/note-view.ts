import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { getSettings } from '#lib/settings/settings';
import { toStoredFlow } from './stored-flow.ts';

type View = {
  step: 'banks_viewed' | 'permissions_viewed';
  bankId: string | null;
  device: 'phone' | 'tablet' | 'desktop';
};

/** Counts a page on the way to the bank. Looked at again within the half hour it is the same view: the database sees to it. */
export async function noteView(ctx: Context, { step, bankId, device }: View): Promise<void> {
  const { userId } = requirePerson(ctx.actor);
  const { flow } = await getSettings(ctx);
  await ctx.db.journeyStep.createMany({
    data: [
      {
        id: uuidv7(),
        at: ctx.clock.now(),
        step,
        userId,
        bankId,
        purpose: 'connect',
        flow: toStoredFlow(flow),
        device,
      },
    ],
    skipDuplicates: true,
  });
}
