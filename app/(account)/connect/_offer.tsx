import { PermissionChoices } from '#components/consent/permission-choices';
import { LinkButton } from '#components/ui/link-button';
import { SubmitButton } from '#components/ui/submit-button';
import type { ConsentOffer } from '#lib/connections/consent-offer';
import { markOf } from '#lib/connections/words-mark';
import { ConsentTerms } from '../_consent-terms.tsx';

type OfferProps = {
  offer: ConsentOffer;
  action: (form: FormData) => Promise<void>;
  /** Left out on an earlier trip that was not finished. */
  declinedBefore: readonly string[];
};

/** All that is said before somebody goes to the bank, in the words that are kept with their consent, and the two answers. */
export function Offer({ offer, action, declinedBefore }: OfferProps) {
  const { wording, bankName, isPreparation } = offer;
  const bank = bankName ?? 'your bank';
  return (
    <div className="space-y-10">
      <ConsentTerms wording={wording} />
      <form action={action} className="space-y-8">
        <input type="hidden" name="shown" value={markOf(wording)} />
        <Choices offer={offer} declinedBefore={declinedBefore} />
        <p>{wording.next}</p>
        <div className="grid max-w-narrow gap-3 sm:grid-cols-2">
          <SubmitButton
            variant="even"
            pendingLabel={isPreparation ? 'Taking you to TrueLayer…' : `Taking you to ${bank}…`}
          >
            {isPreparation ? 'Go on to TrueLayer' : `Allow and go to ${bank}`}
          </SubmitButton>
          <LinkButton href={bankName === null ? '/accounts' : '/connect'} variant="even">
            {isPreparation ? 'Don’t go on' : 'Don’t allow'}
          </LinkButton>
        </div>
      </form>
    </div>
  );
}

function Choices({ offer, declinedBefore }: Pick<OfferProps, 'offer' | 'declinedBefore'>) {
  const choices = offer.wording.groups.filter(({ id }) => offer.optional.includes(id));
  if (choices.length === 0) return null;
  return (
    <PermissionChoices
      name="leave-out"
      legend="Leave something out?"
      hint="Tick what you don’t want to share. You can change it later."
      choices={choices.map((group) => ({
        id: group.id,
        title: `Leave out: ${group.title.toLowerCase()}`,
        details: group.lines,
        purpose: group.purpose,
        without: group.whenDeclined ?? '',
        isChecked: declinedBefore.includes(group.id),
      }))}
    />
  );
}
