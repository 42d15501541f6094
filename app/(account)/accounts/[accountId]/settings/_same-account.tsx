import { Panel } from '#components/ui/panel';
import { Section } from '#components/ui/section';
import { Select } from '#components/ui/select';
import { SubmitButton } from '#components/ui/submit-button';
import type { AccountSummary } from '#lib/accounts/dto';
import type { AccountSettings } from '#lib/accounts/settings/get-account-settings';
import { joinAction, separateAction } from './_actions.ts';

/** Joining this account with others that are the same one, and separating them again. */
export function SameAccount({ account, joined, joinable }: AccountSettings) {
  return (
    <Section
      id="same"
      title="The same account twice?"
      lead="After a card is replaced or a bank changes its systems, one account can appear as two. Show them as one, with the whole history, your notes and your categories. You can separate them again at any time."
    >
      <div className="space-y-4">
        {joined.length === 0 ? null : (
          <Panel inset="none">
            <ul className="divide-y divide-line">
              {joined.map((each) => (
                <li key={each.id} className="flex flex-wrap items-center justify-between gap-4 px-5 py-4">
                  <p className="min-w-0">
                    <span className="block font-medium">{each.name}</span>
                    <span className="block text-sm text-soft">{`Shown as part of this account. ${toFacts(each)}`}</span>
                  </p>
                  <form action={separateAction.bind(null, account.id, each.id)}>
                    <SubmitButton variant="secondary" size="sm" pendingLabel="Separating…">
                      Separate
                      <span className="sr-only">{` ${each.name}`}</span>
                    </SubmitButton>
                  </form>
                </li>
              ))}
            </ul>
          </Panel>
        )}
        {joinable.length === 0 ? (
          <p className="text-soft">You have no other account of this kind and currency.</p>
        ) : (
          <Panel>
            <form action={joinAction.bind(null, account.id)} className="space-y-5">
              <Select
                id="other"
                name="other"
                label="The same account as"
                hint="The one that your bank still lists is shown for both."
                isRequired
                defaultValue=""
                options={[
                  { value: '', label: 'Choose an account' },
                  ...joinable.map((each) => ({ value: each.id, label: `${each.name}, ${toFacts(each)}` })),
                ]}
              />
              <div>
                <SubmitButton variant="secondary" pendingLabel="Joining…">
                  Show as one account
                </SubmitButton>
              </div>
            </form>
          </Panel>
        )}
      </div>
    </Section>
  );
}

function toFacts({ bankName, numberHint, goneAt }: AccountSummary): string {
  const ending = numberHint === null ? '' : `, ending ${numberHint.slice(-4)}`;
  return `${bankName}${ending}${goneAt === null ? '' : ', no longer listed'}`;
}
