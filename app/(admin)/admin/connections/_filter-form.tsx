import { LinkButton } from '#components/ui/link-button';
import { Select } from '#components/ui/select';
import { SubmitButton } from '#components/ui/submit-button';
import { TextInput } from '#components/ui/text-input';
import type { ConnectionFilter } from '#lib/admin/connections/filter';
import type { FilterChoices } from '#lib/admin/connections/list-choices';
import { errorWords } from '../../_words/error-codes.ts';

/** A plain GET form: the address bar holds what was asked for, so that a list can be sent to a colleague. */
export function FilterForm({ filter, choices }: { filter: ConnectionFilter; choices: FilterChoices }) {
  const isFiltered = [filter.q, filter.bank, filter.error, filter.ends, filter.stale].some((one) => one !== undefined);
  return (
    <search>
      <form
        method="get"
        action="/admin/connections"
        className="grid gap-4 sm:grid-cols-2 lg:grid-cols-[2fr_1.2fr_1.4fr_1fr_1fr_auto] lg:items-end"
      >
        {filter.state === undefined ? null : <input type="hidden" name="state" value={filter.state} />}
        <TextInput
          id="q"
          name="q"
          type="search"
          label="Search"
          defaultValue={filter.q}
          placeholder="E-mail, bank, reference or id"
          maxLength={100}
          spellCheck={false}
        />
        <Select
          id="bank"
          name="bank"
          label="Bank"
          defaultValue={filter.bank}
          options={[ANY, ...choices.banks.map(({ id, name }) => ({ value: id, label: name }))]}
        />
        <Select
          id="error"
          name="error"
          label="Last error"
          defaultValue={filter.error}
          options={[ANY, ...choices.errorCodes.map((code) => ({ value: code, label: errorWords(code) }))]}
        />
        <Select
          id="ends"
          name="ends"
          label="Consent ends"
          defaultValue={filter.ends?.toString()}
          options={[
            ANY,
            ...daysWith(filter.ends).map((days) => ({ value: String(days), label: `Within ${days} days` })),
          ]}
        />
        <Select
          id="stale"
          name="stale"
          label="Data"
          defaultValue={filter.stale}
          options={[ANY, { value: 'yes', label: 'Older than 48 hours' }]}
        />
        <div className="flex gap-3">
          <SubmitButton pendingLabel="Looking…">Show</SubmitButton>
          {isFiltered ? (
            <LinkButton
              href={`/admin/connections${filter.state === undefined ? '' : `?state=${filter.state}`}`}
              variant="quiet"
            >
              Clear
            </LinkButton>
          ) : null}
        </div>
      </form>
    </search>
  );
}

const ANY = { value: '', label: 'Any' };
const USUAL_DAYS = [3, 7, 14, 30];

/** An address may name any number of days; the form then offers it too. */
function daysWith(asked: number | undefined): number[] {
  return [...new Set(asked === undefined ? USUAL_DAYS : [...USUAL_DAYS, asked])].sort((one, other) => one - other);
}
