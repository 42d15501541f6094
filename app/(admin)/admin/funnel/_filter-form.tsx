import { Select } from '#components/ui/select';
import { SubmitButton } from '#components/ui/submit-button';
import { DEVICES, type FunnelFilter, PURPOSES, SPANS, STORED_FLOWS } from '#lib/admin/funnel/filter';
import type { Funnel } from '#lib/admin/funnel/get-funnel';
import { DEVICE_WORDS, FLOW_WORDS, lossWords, PURPOSE_WORDS } from './_words.ts';

export function FilterForm({ filter, funnel }: { filter: FunnelFilter; funnel: Funnel }) {
  const outcomes = new Set([
    ...funnel.losses.map(({ outcome }) => outcome),
    ...(filter.outcome ? [filter.outcome] : []),
  ]);
  return (
    <search>
      <form
        method="get"
        action="/admin/funnel"
        className="grid gap-4 sm:grid-cols-2 lg:grid-cols-[repeat(6,1fr)_auto] lg:items-end"
      >
        <Select
          id="days"
          name="days"
          label="Span"
          defaultValue={String(filter.days)}
          options={SPANS.map((days) => ({ value: String(days), label: `${days} days` }))}
        />
        <Select
          id="purpose"
          name="purpose"
          label="To"
          defaultValue={filter.purpose}
          options={PURPOSES.map((purpose) => ({ value: purpose, label: PURPOSE_WORDS[purpose] ?? purpose }))}
        />
        <Select
          id="bank"
          name="bank"
          label="Bank"
          defaultValue={filter.bank}
          options={[ANY, ...funnel.banks.map(({ id, name }) => ({ value: id, label: name }))]}
        />
        <Select
          id="device"
          name="device"
          label="Device"
          defaultValue={filter.device}
          options={[ANY, ...DEVICES.map((device) => ({ value: device, label: DEVICE_WORDS[device] ?? device }))]}
        />
        <Select
          id="flow"
          name="flow"
          label="Way"
          defaultValue={filter.flow}
          options={[ANY, ...STORED_FLOWS.map((flow) => ({ value: flow, label: FLOW_WORDS[flow] ?? flow }))]}
        />
        <Select
          id="outcome"
          name="outcome"
          label="Ended with"
          defaultValue={filter.outcome}
          options={[ANY, ...[...outcomes].map((outcome) => ({ value: outcome, label: lossWords(outcome) }))]}
        />
        <SubmitButton pendingLabel="Counting…">Show</SubmitButton>
      </form>
    </search>
  );
}

const ANY = { value: '', label: 'Any' };
