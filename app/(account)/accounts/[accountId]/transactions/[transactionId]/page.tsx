import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { BankHeading } from '#components/bank/bank-heading';
import { Badge } from '#components/ui/badge';
import { DateText, DayText } from '#components/ui/date-text';
import { type Definition, DefinitionList } from '#components/ui/definition-list';
import { Money } from '#components/ui/money';
import { PageHeader } from '#components/ui/page-header';
import { Panel } from '#components/ui/panel';
import { Section } from '#components/ui/section';
import { TextLink } from '#components/ui/text-link';
import { getTransaction, type TransactionDetail } from '#lib/accounts/get-transaction';
import { findShownFor, listJoined } from '#lib/accounts/list-joins';
import { personContext } from '#lib/auth/current-user';
import type { Context } from '#lib/context/context';
import { NotFoundError } from '#lib/errors/app-error';
import { toDayWords } from '#lib/format/day';
import { dayIn } from '#lib/time/calendar';
import { categoryReasonWords, categoryWords, nameReasonWords } from '../../../../../_words/enrichment.ts';
import { amountSentWords, codingWords, dateNoteWords, dateWords } from '../../../../../_words/transactions.ts';
import { orNotFound } from '../../../../connections/_or-not-found.ts';
import { CorrectForm } from './_correct-form.tsx';
import { Outcome } from './_outcome.tsx';
import { SameTransaction } from './_same-transaction.tsx';

export const metadata: Metadata = { title: 'Transaction' };

type Query = Partial<Record<'saved' | 'what' | 'undone' | 'problem', string | string[]>>;
type Props = { params: Promise<{ accountId: string; transactionId: string }>; searchParams: Promise<Query> };

export default async function TransactionPage({ params, searchParams }: Props) {
  const place = await params;
  const ctx = await personContext(`/accounts/${place.accountId}/transactions/${place.transactionId}`);
  const transaction = await orNotFound(getShown(ctx, place));
  const joined = await listJoined(ctx, place);
  const { saved, what, undone, problem } = await searchParams;
  const now = ctx.clock.now();
  return (
    <>
      <PageHeader
        title={transaction.name}
        above={
          <BankHeading
            bank={{ id: transaction.bankId, name: transaction.bankName }}
            note={transaction.accountName}
            size="sm"
          />
        }
        back={{ href: `/accounts/${transaction.accountId}#transactions`, label: transaction.accountName }}
        lead={
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <span className="text-ink">
              <Money amount={transaction.effect} currency={transaction.currency} kind="movement" size="lg" />
            </span>
            <DayText day={transaction.day} now={now} zone={transaction.zone} />
            {dateWords(transaction) === undefined ? null : <Badge>{dateWords(transaction)}</Badge>}
            {transaction.isPending ? <Badge>Pending: the amount may still change</Badge> : null}
          </p>
        }
      />
      <div className="space-y-10">
        <Outcome
          transaction={transaction}
          saved={one(saved)}
          what={one(what)}
          isUndone={undone !== undefined}
          problem={one(problem)}
        />
        <Section id="why" title="What it is, and how we know">
          <Panel>
            <DefinitionList items={factsOf(transaction, now)} />
          </Panel>
        </Section>
        <Section
          id="correct"
          title="Put it right"
          lead="What you say here stays, whatever your bank sends later. Leave a field as it is to leave it to us."
        >
          <Panel>
            <CorrectForm transaction={transaction} />
          </Panel>
        </Section>
        <SameTransaction transaction={transaction} joined={joined} today={dayIn(transaction.zone, now)} />
      </div>
    </>
  );
}

/** A row that the user joined to another one leads to that one. */
async function getShown(ctx: Context, place: { accountId: string; transactionId: string }): Promise<TransactionDetail> {
  try {
    return await getTransaction(ctx, place);
  } catch (error) {
    const shownId = error instanceof NotFoundError ? await findShownFor(ctx, place) : null;
    if (shownId === null) throw error;
    redirect(`/accounts/${place.accountId}/transactions/${shownId}`);
  }
}

function one(value: string | string[] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function factsOf(transaction: TransactionDetail, now: Date): Definition[] {
  const { otherSide } = transaction;
  const coding = codingWords(transaction.coding);
  const dateNote = dateNoteWords(transaction);
  const amountSent = amountSentWords(transaction);
  return [
    { term: 'Name', value: transaction.name, note: nameReasonWords(transaction) },
    { term: 'Category', value: categoryWords(transaction.category), note: categoryReasonWords(transaction) },
    ...(otherSide === null
      ? []
      : [
          {
            term: 'Its other half',
            value: (
              <TextLink href={`/accounts/${otherSide.accountId}/transactions/${otherSide.transactionId}`} kind="row">
                {`${otherSide.accountName} at ${otherSide.bankName}`}
              </TextLink>
            ),
            note: toDayWords(otherSide.day, dayIn(transaction.zone, now)),
          },
        ]),
    ...(transaction.note === null
      ? []
      : [{ term: 'Your note', value: <span className="whitespace-pre-line">{transaction.note}</span> }]),
    { term: 'Your bank wrote', value: transaction.description || 'Nothing', note: coding },
    ...(transaction.at === null
      ? []
      : [{ term: 'When', value: <DateText at={transaction.at} now={now} zone={transaction.zone} /> }]),
    ...(dateNote === undefined ? [] : [{ term: 'Date', value: dateWords(transaction) ?? '', note: dateNote }]),
    ...(amountSent === undefined ? [] : [{ term: 'Amount', value: amountSent }]),
    ...(transaction.runningBalance === null
      ? []
      : [
          {
            term: 'Balance after it',
            value: <Money amount={transaction.runningBalance} currency={transaction.currency} />,
          },
        ]),
  ];
}
