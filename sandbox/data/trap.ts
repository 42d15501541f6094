import { dayOf } from '#sandbox/ledger/days';
import type { Reached } from './call.ts';
import { distortAccounts, distortBalance, distortCards, distortRegulars } from './trap-holdings.ts';
import { distortRows } from './trap-rows.ts';
import { shuffle, toWire } from './wire.ts';

export type Trap = {
  /** Some accounts do not listen to `from`. */
  widen(reached: Reached): Reached;
  distort(results: unknown[], reached: Reached): unknown[];
};

/** What one bank customer's bank does wrong, all of it seen in the wild. */
export function findTrap({ person }: Reached): Trap | null {
  return person.character === 'trap' ? trap : null;
}

let calls = 0;

const trap: Trap = {
  widen(reached) {
    const { window, holding, asOfMs } = reached;
    if (holding?.key !== 'boundless' || window === null) return reached;
    return { ...reached, window: { fromDay: dayOf(asOfMs) - 200, toDay: window.toDay } };
  },
  distort(results, { call, holding }) {
    calls += 1;
    const wires = results.map(toWire);
    const key = holding?.key ?? '';
    switch (call.resource.kind) {
      case 'transactions':
      case 'pending':
        return distortRows(wires, key, calls);
      case 'balance':
        return wires.map((wire) => distortBalance(wire, key));
      case 'list':
      case 'one':
        return call.resource.of === 'accounts' ? distortAccounts(wires) : distortCards(wires);
      case 'direct_debits':
      case 'standing_orders':
        return shuffle(distortRegulars(wires), calls);
      case 'info':
        return wires.map((wire) => ({
          ...wire,
          full_name: `${String(wire.full_name)} `,
          emails: null,
          date_of_birth: null,
        }));
    }
  },
};
