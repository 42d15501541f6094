import { type ConsentWording, consentWording, type WordingInput } from './consent-wording.ts';

/** Changes with every change of a sentence below; what it is made of has a version of its own. */
export const RECONFIRM_VERSION = 'again-2026-11-22';

/**
 * What a person is shown when they are asked whether sharing should go on. The same principles as for the first consent: what,
 * why, for how long, and how to stop.
 */
export function reconfirmWording(input: Omit<WordingInput, 'isFollowedByTrueLayer'>): ConsentWording {
  const { companyName, endsOn } = input;
  const bank = input.bankName ?? 'your bank';
  const wording = consentWording({ ...input, isFollowedByTrueLayer: false });
  return {
    ...wording,
    version: `${RECONFIRM_VERSION} ${wording.version}`,
    heading: `Should ${companyName} go on seeing your ${bank} accounts?`,
    lead: 'Nothing changes in what is shared. You say again that you want it, for another while.',
    duration: `Until ${endsOn}. Before then we ask you again; if you don’t answer, it ends.`,
    next: `If ${bank} wants to see you, you go there, log in, and come back to this page. Otherwise it is done at once.`,
  };
}
