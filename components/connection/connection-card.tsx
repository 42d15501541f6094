import type { ReactNode } from 'react';
import { MaskedNumber } from '#components/account/account-card';
import { BankLogo } from '#components/bank/bank-logo';
import type { BankFace } from '#components/bank/bank-row';
import { DateText } from '#components/ui/date-text';
import { RouteLink } from '#components/ui/route-link';
import { StatusBadge } from '#components/ui/status-badge';
import type { Tone } from '#components/ui/tone';
import { toList } from '#lib/format/count';
import { ConsentRuler } from './consent-ruler.tsx';

export type ConnectionFace = {
  id: string;
  href: string;
  bank: BankFace;
  state: {
    tone: Tone;
    words: string;
    /** One sentence on what it means and what to do, where there is something to say. */
    detail?: string | undefined;
  };
  /** The names of the data groups that are shared. */
  shared: readonly string[];
  since: Date;
  until: Date | null;
  lastUpdateAt: Date | null;
  nextUpdateAt: Date | null;
  accounts: readonly { id: string; name: string; href?: string | undefined; number?: string | undefined }[];
};

type ConnectionCardProps = {
  connection: ConnectionFace;
  now: Date;
  /** What is wrong at the moment and what to do about it. */
  notice?: ReactNode;
  actions?: ReactNode;
};

/** What a person shares with one bank, until when, and how it is doing. */
export function ConnectionCard({ connection, now, notice, actions }: ConnectionCardProps) {
  const { id, href, bank, state, shared, since, until } = connection;
  return (
    <article
      aria-labelledby={`connection-${id}`}
      className="overflow-hidden rounded-panel border border-line bg-surface"
    >
      <div className="p-5 sm:p-6">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
          <BankLogo bankId={bank.id} name={bank.name} hasLogo={bank.hasLogo ?? true} />
          <h2 id={`connection-${id}`} className="mr-auto font-semibold text-lg tracking-[-0.01em]">
            <RouteLink
              href={href}
              className="inline-flex min-h-11 items-center rounded-sm hover:text-brand hover:underline hover:underline-offset-4"
            >
              {bank.name}
            </RouteLink>
          </h2>
          <StatusBadge tone={state.tone} words={state.words} />
        </div>
        {state.detail === undefined ? null : <p className="mt-3 max-w-prose">{state.detail}</p>}
        {notice === undefined ? null : <div className="mt-5">{notice}</div>}
        <div className="mt-5">
          <ConsentRuler since={since} until={until} now={now} />
        </div>
        <Facts connection={connection} shared={shared} now={now} />
        {actions === undefined ? null : <div className="mt-6 flex flex-wrap gap-3">{actions}</div>}
      </div>
      <Accounts accounts={connection.accounts} />
    </article>
  );
}

function Facts({ connection, shared, now }: { connection: ConnectionFace; shared: readonly string[]; now: Date }) {
  const { lastUpdateAt, nextUpdateAt } = connection;
  return (
    <dl className="mt-5 space-y-2 text-sm sm:grid sm:grid-cols-3 sm:gap-x-6 sm:space-y-0">
      <div className={FACT}>
        <dt className="text-soft">Shared</dt>
        <dd className="font-medium">{shared.length === 0 ? 'Nothing any more' : toList(shared)}</dd>
      </div>
      <div className={FACT}>
        <dt className="text-soft">Last update</dt>
        <dd className="font-medium">{lastUpdateAt === null ? 'None yet' : <DateText at={lastUpdateAt} now={now} />}</dd>
      </div>
      <div className={FACT}>
        <dt className="text-soft">Next update</dt>
        <dd className="font-medium">
          <NextUpdate at={nextUpdateAt} now={now} />
        </dd>
      </div>
    </dl>
  );
}

/** A planned time that has come says nothing: it is a job's turn now. */
export function NextUpdate({ at, now }: { at: Date | null; now: Date }) {
  if (at === null) return 'None planned';
  return at <= now ? 'Within a few minutes' : <DateText at={at} now={now} />;
}

const FACT = 'max-sm:grid max-sm:grid-cols-[6.5rem_1fr] max-sm:gap-x-3';

function Accounts({ accounts }: Pick<ConnectionFace, 'accounts'>) {
  if (accounts.length === 0) return null;
  return (
    <ul
      aria-label="Accounts"
      className="flex flex-wrap gap-x-6 border-line border-t bg-sunken/60 px-5 py-2 text-sm sm:px-6"
    >
      {accounts.map((account) => (
        <li key={account.id} className="flex min-h-11 items-center">
          {account.href === undefined ? (
            <span>
              <AccountName name={account.name} number={account.number} />
            </span>
          ) : (
            <RouteLink
              href={account.href}
              className="inline-flex min-h-11 items-center rounded-sm font-medium text-brand hover:underline hover:underline-offset-4"
            >
              <AccountName name={account.name} number={account.number} />
            </RouteLink>
          )}
        </li>
      ))}
    </ul>
  );
}

function AccountName({ name, number }: { name: string; number?: string | undefined }) {
  return (
    <>
      {name}
      {number === undefined ? null : (
        <span className="ml-1.5">
          <MaskedNumber number={number} />
        </span>
      )}
    </>
  );
}
