import { DemoBar } from '#components/shell/demo-bar';
import { Button } from '#components/ui/button';
import { findCurrentUser, requestContext } from '#lib/auth/current-user';
import { listConnections } from '#lib/connections/list-connections';
import { env } from '#lib/env/env';
import { toFullDay, toLondonDay } from '#lib/format/day';
import { toTime } from '#lib/format/instant';
import { jumpAction } from './actions.ts';
import { firstToEnd, JUMPS, lengthOf } from './jumps.ts';

/** Lets anyone watch a permission grow old: moves the clock of the app and of its bank together. */
export async function DemoClock() {
  if (env().trueLayer.environment !== 'local' || (await findCurrentUser()) === null) return null;
  const ctx = await requestContext();
  const now = ctx.clock.now();
  const consent = firstToEnd(await listConnections(ctx));
  const today = `Trial: here it is ${toFullDay(toLondonDay(now))}, ${toTime(now)}.`;
  if (consent === null)
    return <DemoBar words={`${today} Link a bank to be able to skip to the end of its permission.`} />;
  return (
    <DemoBar words={`${today} Skip to a day of ${consent.bankName}’s permission:`}>
      <form action={jumpAction} className="flex flex-wrap gap-2">
        {JUMPS.map((daysLeft) => (
          <Button
            key={daysLeft}
            type="submit"
            name="days-left"
            value={String(daysLeft)}
            size="sm"
            isDisabled={consent.until.getTime() - daysLeft * 86_400_000 <= now.getTime()}
          >
            {`Day ${lengthOf(consent) - daysLeft}`}
          </Button>
        ))}
      </form>
    </DemoBar>
  );
}
