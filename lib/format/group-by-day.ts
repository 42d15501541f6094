export type DayGroup<Item> = { day: string; items: Item[] };

/** Gathers neighbours of the same day and keeps the order in which they came. */
export function groupByDay<Item>(items: readonly Item[], dayOf: (item: Item) => string): DayGroup<Item>[] {
  const groups: DayGroup<Item>[] = [];
  for (const item of items) {
    const day = dayOf(item);
    const last = groups.at(-1);
    if (last?.day === day) last.items.push(item);
    else groups.push({ day, items: [item] });
  }
  return groups;
}
