'use client';

import { type KeyboardEvent, type ReactNode, useMemo, useState } from 'react';
import { BankOption } from '#components/bank/bank-option';
import { CONTROL } from '#components/ui/field';
import { Icon } from '#components/ui/icon';
import { indexBanks, searchBanks } from '#lib/banks/search-banks';
import { toCount } from '#lib/format/count';
import { NothingFound } from './_nothing-found.tsx';

/** As little of a bank as can be searched and drawn: a thousand of them come with the page. */
export type BankToFind = { id: string; name: string; note?: string; badge?: string; isBusiness?: true };

type BankSearchProps = {
  banks: readonly BankToFind[];
  /** What was searched for without scripts, and is answered by the server already. */
  typedBefore: string;
  /** Drawn by the server, and out of sight while something is typed. */
  children: ReactNode;
};

const MOST_SHOWN = 20;
const LIST = 'banks-found';

/** A combobox over all banks; the focus stays in its field. Without scripts it is a form that the server answers. */
export function BankSearch({ banks, typedBefore, children }: BankSearchProps) {
  const index = useMemo(() => indexBanks(banks), [banks]);
  const [typed, setTyped] = useState<string | null>(null);
  const [place, setPlace] = useState(0);
  const isSearching = typed !== null && typed.trim() !== '';
  const found = useMemo(() => (isSearching ? apart(searchBanks(index, typed)) : []), [index, isSearching, typed]);
  const shown = found.slice(0, MOST_SHOWN);
  const active = shown[Math.min(place, shown.length - 1)];

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape' && isSearching) setTyped('');
    else if (event.key === 'Enter' && active !== undefined) document.getElementById(idOf(active))?.click();
    else if (event.key === 'ArrowDown' && shown.length > 0) goTo(shown, (place + 1) % shown.length);
    else if (event.key === 'ArrowUp' && shown.length > 0) goTo(shown, (place + shown.length - 1) % shown.length);
    else return;
    event.preventDefault();
  };
  const goTo = (among: readonly BankToFind[], next: number) => {
    setPlace(next);
    const bank = among[next];
    if (bank !== undefined) document.getElementById(idOf(bank))?.scrollIntoView({ block: 'nearest' });
  };

  return (
    <>
      <search>
        <form method="get" action="/connect" className="mb-8">
          <label htmlFor="bank-search" className="mb-1.5 block font-semibold">
            Search for your bank
          </label>
          <div className="flex gap-3">
            <input
              id="bank-search"
              name="q"
              type="search"
              role="combobox"
              aria-expanded={shown.length > 0}
              aria-controls={LIST}
              aria-autocomplete="list"
              aria-activedescendant={active === undefined ? undefined : idOf(active)}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={100}
              value={typed ?? typedBefore}
              onChange={(event) => {
                setTyped(event.target.value);
                setPlace(0);
              }}
              onKeyDown={onKeyDown}
              className={CONTROL}
            />
            <button
              type="submit"
              aria-label="Search"
              className="grid min-h-12 w-14 shrink-0 place-items-center rounded-control bg-brand text-on-brand hover:bg-brand-strong"
            >
              <Icon name="search" />
            </button>
          </div>
        </form>
      </search>
      <p role="status" className="sr-only">
        {isSearching ? `${toCount(found.length, 'bank')} found` : ''}
      </p>
      <div id={LIST} role="listbox" aria-label="Banks found" hidden={shown.length === 0} className={BOX}>
        <Group title="Personal" banks={shown.filter((bank) => bank.isBusiness !== true)} active={active} />
        <Group title="Business" banks={shown.filter((bank) => bank.isBusiness === true)} active={active} />
      </div>
      {found.length > shown.length ? (
        <p className="mt-4 text-soft">{found.length - shown.length} more fit. Type a little more of the name.</p>
      ) : null}
      {isSearching && found.length === 0 ? <NothingFound typed={typed.trim()} /> : null}
      <div hidden={isSearching}>{children}</div>
    </>
  );
}

function Group({
  title,
  banks,
  active,
}: {
  title: string;
  banks: readonly BankToFind[];
  active: BankToFind | undefined;
}) {
  if (banks.length === 0) return null;
  return (
    <fieldset className="divide-y divide-line">
      <legend className="w-full bg-sunken px-4 py-1.5 font-semibold text-sm text-soft sm:px-5">{title}</legend>
      {banks.map((bank) => (
        <BankOption
          key={bank.id}
          id={idOf(bank)}
          bank={bank}
          href={`/connect/${encodeURIComponent(bank.id)}`}
          note={bank.note}
          badge={bank.badge}
          isActive={bank === active}
        />
      ))}
    </fieldset>
  );
}

const BOX = 'overflow-hidden rounded-panel border border-line bg-surface';

function idOf({ id }: BankToFind): string {
  return `found-${id}`;
}

/** In the order in which they are drawn, so that the arrow keys go from one to the next. */
function apart(banks: readonly BankToFind[]): BankToFind[] {
  return [...banks.filter((bank) => bank.isBusiness !== true), ...banks.filter((bank) => bank.isBusiness === true)];
}
