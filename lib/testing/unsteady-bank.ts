import fc from 'fast-check';
import type { Window } from '#lib/sync/windows';
import { addDays, type Day, daysBetween } from '#lib/time/day';

/** What the bank knows of a transaction. `minor` is its amount in pence. */
export type Fact = { day: Day; minor: number; text: string; normalisedId: string | null; providerId: string | null };

export type BankChange =
  | { kind: 'book'; daysAgo: number; minor: number; text: string; id: IdHabit }
  | { kind: 'twin'; pick: number }
  | { kind: 'remove'; pick: number }
  | { kind: 'restore'; pick: number }
  | { kind: 'reword'; pick: number; form: number }
  | { kind: 'redate'; pick: number; days: number }
  | { kind: 'reissue'; scope: 'all' | 'recent' }
  | { kind: 'renumber'; style: 'day' | 'plain' | 'letters' }
  | { kind: 'swapIds' | 'shareId' | 'reuseId' | 'blankId'; pick: number; other: number };

export type IdHabit = 'unique' | 'provider' | 'none' | 'blank' | 'placeholder' | 'recurring' | 'reused';

export type BankStep = {
  daysLater: number;
  changes: BankChange[];
  answer: { back: number; order: 'newest' | 'oldest' | 'shuffled'; ignoresFrom: boolean; repeats: boolean };
  /** Which visible rows the user writes on before the answer comes. */
  notes: number[];
};

/** Of different counterparties: no rewording makes one into another. */
export const TEXTS = ['EXAMPLE STORE', 'OTHER SHOP', 'RENT', 'ROUND UP', 'J SMITH'];
const BLANKS = [' ', '', '\t', '-', '0', 'NOTPROVIDED', 'n/a', 'null', '00000000'];

const pick = fc.nat(200);
const change: fc.Arbitrary<BankChange> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('book' as const),
      daysAgo: fc.constantFrom(0, 0, 1, 2, 5, 9),
      minor: fc.constantFrom(-350, -350, -350, -400, 250_000),
      text: fc.constantFrom(...TEXTS),
      id: fc.constantFrom<IdHabit>(
        'unique',
        'unique',
        'provider',
        'none',
        'blank',
        'placeholder',
        'recurring',
        'reused',
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('twin' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reword' as const), pick, form: fc.nat(4) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('redate' as const), pick, days: fc.integer({ min: -4, max: 4 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('reissue' as const),
      scope: fc.constantFrom('all' as const, 'recent' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('renumber' as const),
      style: fc.constantFrom('day' as const, 'plain' as const, 'letters' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('swapIds' as const, 'shareId' as const, 'reuseId' as const, 'blankId' as const),
      pick,
      other: pick,
    }),
  },
);

/** What a bank does to its rows between answers, how it answers, and where the user writes. */
export const bankSteps = (maxSteps: number): fc.Arbitrary<BankStep[]> =>
  fc.array(
    fc.record({
      daysLater: fc.constantFrom(0, 0, 1, 3),
      changes: fc.array(change, { minLength: 1, maxLength: 10 }),
      answer: fc.record({
        back: fc.integer({ min: 1, max: 20 }),
        order: fc.constantFrom('newest' as const, 'oldest' as const, 'shuffled' as const),
        ignoresFrom: fc.boolean(),
        repeats: fc.boolean(),
      }),
      notes: fc.array(pick, { maxLength: 4 }),
    }),
    { minLength: 2, maxLength: maxSteps },
  );

type PickedChange = Extract<BankChange, { pick: number }>;

/** A bank that does to the ids, texts and days of its transactions what banks have been seen to do. */
export class UnsteadyBank {
  today: Day;
  facts: Fact[] = [];
  #counter = 0;
  readonly #removed: Fact[] = [];
  readonly #spentIds = ['txn-spent'];

  constructor(today: Day) {
    this.today = today;
  }

  wait(days: number): void {
    this.today = addDays(this.today, days);
  }

  change(each: BankChange): void {
    if (each.kind === 'book') {
      const { minor, text } = each;
      this.facts.push({ day: addDays(this.today, -each.daysAgo), minor, text, ...this.#idsFor(each.id) });
    } else if (each.kind === 'reissue') {
      const isMeant = ({ day }: Fact) => each.scope === 'all' || daysBetween(day, this.today) < 7;
      this.facts = this.facts.map((fact) => (isMeant(fact) ? this.#reissued(fact) : fact));
    } else if (each.kind === 'renumber') {
      this.#renumber(each.style);
    } else {
      this.#changeOne(each);
    }
  }

  /** The rows of an answer, as the bank sends them: rows outside the window too, where it ignores the dates. */
  answer({ from, to }: Window, { order, ignoresFrom, repeats }: BankStep['answer']): Fact[] {
    const rows = this.facts.filter(({ day }) => (ignoresFrom || day >= from) && day <= to);
    const direction = order === 'oldest' ? 1 : -1;
    rows.sort((one, other) => direction * one.day.localeCompare(other.day));
    if (order === 'shuffled') rows.sort((one, other) => weightOf(one) - weightOf(other));
    return repeats ? [...rows, ...rows.filter(({ providerId }) => providerId?.startsWith('txn-')).slice(0, 2)] : rows;
  }

  #changeOne(each: PickedChange): void {
    const fact = this.facts[each.pick % Math.max(1, this.facts.length)];
    if (each.kind === 'restore') {
      this.facts.push(...this.#removed.splice(0, 1));
    } else if (fact === undefined) {
      return;
    } else if (each.kind === 'remove') {
      this.facts = this.facts.filter((other) => other !== fact);
      this.#removed.push(fact);
    } else if (each.kind === 'twin') {
      this.facts.push(this.#reissued(fact));
    } else {
      this.#replace(fact, this.#changed(fact, each));
    }
  }

  #changed(fact: Fact, each: Exclude<PickedChange, { kind: 'twin' | 'remove' | 'restore' }>): Partial<Fact> {
    switch (each.kind) {
      case 'reword':
        return { text: rewordings(fact)[each.form] ?? fact.text };
      case 'redate': {
        const latestShift = daysBetween(fact.day, this.today);
        return { day: addDays(fact.day, Math.min(each.days, latestShift)) };
      }
      case 'blankId':
        return { normalisedId: BLANKS[each.other % BLANKS.length] ?? '', providerId: null };
      case 'reuseId':
        return { normalisedId: this.#spentIds[each.other % this.#spentIds.length] ?? null };
      case 'shareId':
      case 'swapIds': {
        const other = this.facts[each.other % this.facts.length] ?? fact;
        if (each.kind === 'swapIds') this.#replace(other, { normalisedId: fact.normalisedId });
        return { normalisedId: other.normalisedId };
      }
    }
  }

  #replace(fact: Fact, change: Partial<Fact>): void {
    if (fact.normalisedId !== null) this.#spentIds.push(fact.normalisedId);
    this.facts = this.facts.map((each) => (each === fact ? { ...each, ...change } : each));
  }

  /** The newest has the first number, so that what is booked later moves all others. */
  #renumber(style: 'day' | 'plain' | 'letters'): void {
    const newestFirst = this.facts.toReversed();
    const placeOf = (fact: Fact) => newestFirst.filter(({ day }) => day === fact.day).indexOf(fact);
    this.facts = newestFirst
      .map((fact, index) => {
        const id = { day: `${fact.day}.${placeOf(fact)}`, plain: String(index), letters: `row-number-${index}` };
        return { ...fact, normalisedId: id[style] };
      })
      .toReversed();
  }

  #reissued(fact: Fact): Fact {
    const reissue = (id: string | null) => (id?.startsWith('txn-') === true ? this.#newId() : id);
    return { ...fact, normalisedId: reissue(fact.normalisedId), providerId: reissue(fact.providerId) };
  }

  #newId(): string {
    return `txn-${(++this.#counter).toString(16).padStart(8, '7e')}`;
  }

  #idsFor(habit: IdHabit): Pick<Fact, 'normalisedId' | 'providerId'> {
    const index = ++this.#counter;
    const ids: Record<IdHabit, [string | null, string | null]> = {
      unique: [this.#newId(), null],
      provider: [null, this.#newId()],
      blank: [' ', '\t'],
      placeholder: [BLANKS[index % BLANKS.length] ?? '-', 'NOTPROVIDED'],
      recurring: [`standing-order-${index % 2}`, null],
      reused: [this.#spentIds[index % this.#spentIds.length] ?? null, null],
      none: [null, null],
    };
    const [normalisedId, providerId] = ids[habit];
    return { normalisedId, providerId };
  }
}

/** As TrueLayer sends it; its own id is another one each time. */
export function toWire({ day, minor, text, normalisedId, providerId }: Fact) {
  return {
    transaction_id: crypto.randomUUID(),
    normalised_provider_transaction_id: normalisedId,
    provider_transaction_id: providerId,
    timestamp: `${day}T00:00:00Z`,
    description: text,
    amount: minor / 100,
    currency: 'GBP',
    transaction_type: minor < 0 ? 'DEBIT' : 'CREDIT',
    transaction_category: 'PURCHASE',
    transaction_classification: [],
  };
}

function rewordings({ day, text }: Fact): string[] {
  const plain = text.replace(/^\d\d\.\d\d /, '').replace(/ LONDON$/, '');
  return [
    `${day.slice(8)}.${day.slice(5, 7)} ${plain}`,
    plain,
    `${plain} LONDON`,
    plain.toLowerCase(),
    `CARD PAYMENT ${plain}`,
  ];
}

function weightOf({ day, minor, text }: Fact): number {
  return ((text.length * 31 + Math.abs(minor) + Number(day.slice(8)) * 7) * 7919) % 101;
}
