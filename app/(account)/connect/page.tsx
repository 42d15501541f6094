import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { BankRow } from '#components/bank/bank-row';
import { EmptyState } from '#components/ui/empty-state';
import { LinkButton } from '#components/ui/link-button';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { Panel } from '#components/ui/panel';
import { Section } from '#components/ui/section';
import { TabLinks } from '#components/ui/tab-links';
import { personContext } from '#lib/auth/current-user';
import type { BankSummary } from '#lib/banks/dto';
import { type BankList, listBanks } from '#lib/banks/list-banks';
import { indexBanks, searchBanks } from '#lib/banks/search-banks';
import { offerConsent } from '#lib/connections/consent-offer';
import { findUnfinished } from '#lib/connections/find-unfinished';
import { listKnownBanks } from '#lib/connections/list-known-banks';
import { noteView } from '#lib/connections/note-view';
import type { Context } from '#lib/context/context';
import { getSettings } from '#lib/settings/settings';
import { bankNote } from '../../_words/bank-note.ts';
import { BankSearch, type BankToFind } from './_bank-search.tsx';
import { BankLinks, PagedBanks } from './_bank-sections.tsx';
import { countriesOf, toCountryName } from './_countries.ts';
import { deviceOf } from './_device.ts';
import { NothingFound } from './_nothing-found.tsx';
import { StartProblem } from './_start-problem.tsx';
import { TrueLayersList } from './_truelayers-list.tsx';
import { UnfinishedNotice } from './_unfinished-notice.tsx';

export const metadata: Metadata = { title: 'Link a bank' };

type Query = Partial<Record<'q' | 'country' | 'personal' | 'business' | 'problem' | 'reference', string | string[]>>;

export default async function ConnectPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await personContext('/connect');
  const query = textsOf(await searchParams);
  const [{ flow }, unfinished] = await Promise.all([getSettings(ctx), findUnfinished(ctx)]);
  await noteView(ctx, { step: 'banks_viewed', bankId: null, device: deviceOf(await headers()) });
  const above = (
    <>
      <StartProblem problem={query.problem} reference={query.reference} />
      <UnfinishedNotice unfinished={unfinished} />
    </>
  );
  if (flow === 'dialog') return <TrueLayersList offer={await offerConsent(ctx, null)} above={above} />;
  const list = await listBanks(ctx);
  return (
    <>
      <PageHeader title="Link a bank" lead="Choose your bank. You will see exactly what is shared before you decide." />
      {above}
      {list.banks.length === 0 ? <NoBanks /> : <Chooser ctx={ctx} list={list} query={query} />}
    </>
  );
}

type ChooserProps = { ctx: Context; list: BankList; query: Partial<Record<keyof Query, string>> };

async function Chooser({ ctx, list: { banks, staleSince }, query }: ChooserProps) {
  const [only] = banks;
  if (banks.length === 1 && only !== undefined) return <OnlyBank bank={only} />;
  const { linkedIds, recentIds } = await listKnownBanks(ctx);
  const countries = countriesOf(banks);
  const country = countries.find((code) => code === query.country) ?? countries[0] ?? 'uk';
  const searched = query.q?.trim() ?? '';
  return (
    <BankSearch banks={banks.map((bank) => toFind(bank, linkedIds, country))} typedBefore={searched}>
      {staleSince === null ? null : (
        <div className="mb-8">
          <Notice tone="note" title="This list may be a little old">
            TrueLayer hasn’t sent us a newer one for some hours. Linking a bank may still work.
          </Notice>
        </div>
      )}
      {searched === '' ? (
        <Sections {...{ banks, linkedIds, recentIds, countries, country, query }} />
      ) : (
        <Answer banks={searchBanks(indexBanks(banks), searched)} searched={searched} linkedIds={linkedIds} />
      )}
    </BankSearch>
  );
}

type SectionsProps = {
  banks: readonly BankSummary[];
  linkedIds: readonly string[];
  recentIds: readonly string[];
  countries: readonly string[];
  country: string;
  query: ChooserProps['query'];
};

function Sections({ banks, linkedIds, recentIds, countries, country, query }: SectionsProps) {
  const here = banks.filter((bank) => bank.country === country);
  const recent = recentIds.flatMap((id) => banks.find((bank) => bank.id === id) ?? []);
  const popular = here
    .filter(({ popularity }) => popularity > 0)
    .sort((one, other) => other.popularity - one.popularity)
    .slice(0, MOST_POPULAR);
  const kept = { ...(countries.length > 1 ? { country } : {}) };
  return (
    <div className="space-y-10">
      {recent.length === 0 ? null : (
        <Section id="recent" title="You were here before">
          <BankLinks banks={recent} linkedIds={linkedIds} />
        </Section>
      )}
      {/* As many as the list has would say nothing. */}
      {popular.length === 0 || here.length <= MOST_POPULAR * 2 ? null : (
        <Section id="popular" title="Linked most often">
          <BankLinks banks={popular} linkedIds={linkedIds} />
        </Section>
      )}
      <div>
        {countries.length < 2 ? null : (
          <TabLinks
            label="Country"
            tabs={countries.map((code) => ({
              href: `/connect?country=${code}`,
              label: toCountryName(code),
              isCurrent: code === country,
            }))}
          />
        )}
        <div className="space-y-10">
          <PagedBanks
            id="personal"
            title="Personal accounts"
            banks={here.filter(({ segment }) => segment === 'personal')}
            linkedIds={linkedIds}
            page={Number(query.personal) || 1}
            query={{ ...kept, ...(query.business === undefined ? {} : { business: query.business }) }}
          />
          <PagedBanks
            id="business"
            title="Business accounts"
            banks={here.filter(({ segment }) => segment === 'business')}
            linkedIds={linkedIds}
            page={Number(query.business) || 1}
            query={{ ...kept, ...(query.personal === undefined ? {} : { personal: query.personal }) }}
          />
        </div>
      </div>
    </div>
  );
}

const MOST_POPULAR = 6;

type AnswerProps = { banks: readonly BankSummary[]; searched: string; linkedIds: readonly string[] };

/** The search without scripts. */
function Answer({ banks, searched, linkedIds }: AnswerProps) {
  if (banks.length === 0) return <NothingFound typed={searched} />;
  return (
    <Section
      id="found"
      title={`Banks that fit “${searched}”`}
      actions={
        <LinkButton href="/connect" variant="quiet" size="sm" isPlain>
          See all banks
        </LinkButton>
      }
    >
      <BankLinks banks={banks.slice(0, 60)} linkedIds={linkedIds} />
    </Section>
  );
}

function OnlyBank({ bank }: { bank: BankSummary }) {
  return (
    <Panel inset="none">
      <BankRow
        bank={{ id: bank.id, name: bank.name }}
        href={`/connect/${encodeURIComponent(bank.id)}`}
        note={bankNote(bank) ?? { words: 'The one bank that can be linked here' }}
      />
    </Panel>
  );
}

function NoBanks() {
  return (
    <EmptyState
      title="No bank can be chosen right now"
      icon="bank"
      action={
        <LinkButton href="/connect" variant="secondary" icon="refresh" isPlain>
          Look again
        </LinkButton>
      }
    >
      The list of banks comes from TrueLayer and hasn’t arrived yet. We have just asked for it again; it usually takes a
      few seconds.
    </EmptyState>
  );
}

function toFind(bank: BankSummary, linkedIds: readonly string[], country: string): BankToFind {
  const note = bankNote(bank)?.words ?? (bank.country === country ? undefined : toCountryName(bank.country));
  return {
    id: bank.id,
    name: bank.name,
    ...(note === undefined ? {} : { note }),
    ...(linkedIds.includes(bank.id) ? { badge: 'Linked' } : {}),
    ...(bank.segment === 'business' ? { isBusiness: true } : {}),
  };
}

/** An address can say a thing twice; once is enough. */
function textsOf(query: Query): Partial<Record<keyof Query, string>> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => typeof value === 'string'));
}
