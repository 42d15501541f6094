import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { FunnelChart, type FunnelStep } from '#components/chart/funnel-chart';
import { DataTable } from '#components/ui/data-table';
import { DayText } from '#components/ui/date-text';
import { EmptyState } from '#components/ui/empty-state';
import { PageHeader } from '#components/ui/page-header';
import { Panel } from '#components/ui/panel';
import { Section } from '#components/ui/section';
import { TextLink } from '#components/ui/text-link';
import { type FunnelFilter, parseFunnelFilter, toFunnelQuery } from '#lib/admin/funnel/filter';
import { type Funnel, getFunnel, STEPS, type Step } from '#lib/admin/funnel/get-funnel';
import { adminContext } from '#lib/auth/current-user';
import { formatCount, toPercent } from '#lib/format/count';
import { toShortDuration } from '#lib/format/duration';
import { DayChart } from './_day-chart.tsx';
import { FilterForm } from './_filter-form.tsx';
import { TripTable } from './_trip-table.tsx';
import { DEVICE_WORDS, FLOW_WORDS, lossWords, MEDIAN_WORDS, STEP_WORDS } from './_words.ts';

export const metadata: Metadata = { title: 'Funnel' };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function FunnelPage({ searchParams }: Props) {
  const ctx = await adminContext('/admin/funnel');
  const filter = parseFunnelFilter(await searchParams);
  const funnel = await getFunnel(ctx, filter);
  const isEmpty = STEPS.every((step) => funnel.counts[step] === 0);
  return (
    <>
      <PageHeader title="Funnel" lead="How far people get on the way to a linked bank, and where they leave." />
      <div className="space-y-10">
        <FilterForm filter={filter} funnel={funnel} />
        {isEmpty ? (
          <EmptyState title="Nobody came this way" icon="filter">
            In this span nobody did anything that fits. Choose a longer one, or take a filter away.
          </EmptyState>
        ) : (
          <Tables funnel={funnel} filter={filter} now={ctx.clock.now()} />
        )}
      </div>
    </>
  );
}

function Tables({ funnel, filter, now }: { funnel: Funnel; filter: FunnelFilter; now: Date }) {
  const link = (name: string, changes: Partial<FunnelFilter>): ReactNode => (
    <TextLink kind="row" href={`/admin/funnel${toFunnelQuery(filter, changes)}`}>
      {name}
    </TextLink>
  );
  return (
    <>
      <div className="grid gap-10 lg:grid-cols-2">
        <Section id="steps" title="Step by step">
          <Panel>
            <FunnelChart label="How many got to each step" steps={toSteps(funnel, filter)} />
          </Panel>
        </Section>
        <Section id="losses" title="Where they left" lead="How trips ended that led to no link.">
          <Losses funnel={funnel} />
        </Section>
      </div>
      <Section id="table" title="The same as a table">
        <StepTable funnel={funnel} filter={filter} />
      </Section>
      <Section id="days" title="Day by day">
        <div className="mb-6">
          <Panel>
            <DayChart byDay={funnel.byDay} days={filter.days} now={now} />
          </Panel>
        </div>
        <TripTable
          caption="Trips day by day"
          header="Day"
          rows={funnel.byDay
            .toReversed()
            .map((row) => ({ ...row, key: row.day, name: <DayText day={row.day} now={now} /> }))}
        />
      </Section>
      <Section id="banks" title="By bank">
        <TripTable
          caption="Trips by bank"
          header="Bank"
          rows={funnel.byBank.map((row) => ({
            ...row,
            key: row.value,
            name: row.value === '' ? 'Chosen in TrueLayer’s dialog' : link(row.name, { bank: row.value }),
          }))}
        />
      </Section>
      <Section id="devices" title="By device">
        <TripTable
          caption="Trips by device"
          header="Device"
          rows={funnel.byDevice.map((row) => ({
            ...row,
            key: row.value,
            name: DEVICE_WORDS[row.value] ?? row.value,
          }))}
        />
      </Section>
      <Section id="flows" title="By way to the bank">
        <TripTable
          caption="Trips by way"
          header="Way"
          rows={funnel.byFlow.map((row) => ({ ...row, key: row.value, name: FLOW_WORDS[row.value] ?? row.value }))}
        />
      </Section>
    </>
  );
}

/** Steps that this choice can't have are left out: who looks at all the banks has chosen none, and hasn't ended. */
function shownSteps({ bank, outcome }: FunnelFilter): readonly Step[] {
  if (outcome !== undefined) return STEPS.slice(2);
  return bank === undefined ? STEPS : STEPS.slice(1);
}

function toSteps(funnel: Funnel, filter: FunnelFilter): FunnelStep[] {
  return shownSteps(filter).map((step) => {
    const median = funnel.medians[step];
    return {
      id: step,
      label: STEP_WORDS[step],
      count: funnel.counts[step],
      ...(median === undefined ? {} : { note: `Usually ${toShortDuration(median)} ${MEDIAN_WORDS[step] ?? ''}` }),
    };
  });
}

function StepTable({ funnel, filter }: { funnel: Funnel; filter: FunnelFilter }) {
  const steps = shownSteps(filter);
  const first = funnel.counts[steps[0] ?? 'redirected'];
  const rows = steps.map((step, index) => ({ step, before: funnel.counts[steps[index - 1] ?? step] }));
  return (
    <DataTable
      caption="Steps"
      isCaptionHidden
      isDense
      rows={rows}
      rowKey={({ step }) => step}
      columns={[
        { id: 'step', header: 'Step', isHeading: true, cell: ({ step }) => STEP_WORDS[step] },
        {
          id: 'count',
          header: 'People or trips',
          isFigure: true,
          cell: ({ step }) => formatCount(funnel.counts[step]),
        },
        {
          id: 'first',
          header: 'Of the first step',
          isFigure: true,
          cell: ({ step }) => toPercent(funnel.counts[step], first),
        },
        {
          id: 'before',
          header: 'Of the step before',
          isFigure: true,
          cell: ({ step, before }) => toPercent(Math.min(funnel.counts[step], before), before),
        },
        {
          id: 'median',
          header: 'Median since then',
          isFigure: true,
          cell: ({ step }) => toMedian(funnel.medians[step]),
        },
      ]}
    />
  );
}

function toMedian(ms: number | undefined): string {
  return ms === undefined ? 'Not known' : toShortDuration(ms);
}

function Losses({ funnel }: { funnel: Funnel }) {
  const total = funnel.losses.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return <p className="text-soft">No trip that ended was lost.</p>;
  return (
    <DataTable
      caption="How trips ended without a link"
      isCaptionHidden
      isDense
      rows={funnel.losses}
      rowKey={(loss) => loss.outcome}
      columns={[
        { id: 'outcome', header: 'Ended', isHeading: true, cell: (loss) => lossWords(loss.outcome) },
        { id: 'code', header: 'Code', cell: (loss) => <code className="font-mono text-xs">{loss.outcome}</code> },
        { id: 'count', header: 'Trips', isFigure: true, cell: (loss) => formatCount(loss.count) },
        { id: 'share', header: 'Of the lost', isFigure: true, cell: (loss) => toPercent(loss.count, total) },
      ]}
    />
  );
}
