import type { ReactNode } from 'react';
import { PageHeader } from '#components/ui/page-header';
import type { ConsentOffer } from '#lib/connections/consent-offer';
import { startDialogAction } from './_actions.ts';
import { Offer } from './_offer.tsx';

/** In the dialog flow TrueLayer shows the banks and takes the permission; ours says what comes, and why. */
export function TrueLayersList({ offer, above }: { offer: ConsentOffer; above: ReactNode }) {
  const { heading, lead } = offer.wording;
  return (
    <>
      <PageHeader title={heading} lead={lead} />
      {above}
      <Offer offer={offer} action={startDialogAction} declinedBefore={[]} />
    </>
  );
}
