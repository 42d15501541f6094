import type { ReactNode } from 'react';

export type Definition = { term: string; value: ReactNode; note?: ReactNode };

/** Facts with their names: one under the other on a phone, side by side where there is room. */
export function DefinitionList({ items }: { items: readonly Definition[] }) {
  return (
    <dl className="divide-y divide-line">
      {items.map((item) => (
        <div key={item.term} className="gap-6 py-3 first:pt-0 last:pb-0 sm:grid sm:grid-cols-[minmax(9rem,14rem)_1fr]">
          <dt className="text-soft">{item.term}</dt>
          <dd className="min-w-0">
            <div className="font-medium">{item.value}</div>
            {item.note === undefined ? null : <div className="mt-0.5 text-sm text-soft">{item.note}</div>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
