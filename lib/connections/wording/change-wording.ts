import type { ConsentWording } from './consent-wording.ts';
import type { GroupId } from './groups.ts';

/** Changes with every change of a sentence below; what it is made of has a version of its own. */
export const CHANGE_VERSION = 'change-2026-11-27';

/** What will be different, and then all that will be shared from then on. */
export type ChangeWording = ConsentWording & { changes: { title: string; lines: string[] }[] };

export type ChangeWordingInput = {
  consent: ConsentWording;
  bankName: string;
  added: readonly GroupId[];
  dropped: readonly GroupId[];
  /** Groups that will not be shared. */
  declined: readonly GroupId[];
  erasesDropped: boolean;
};

/** What a person is shown before more or less is shared, as the page draws it and as the receipt keeps it. */
export function changeWording(input: ChangeWordingInput): ChangeWording {
  const { consent, bankName, added, dropped, declined, erasesDropped } = input;
  const of = (ids: readonly GroupId[]) => consent.groups.filter(({ id }) => ids.includes(id));
  const fate = erasesDropped ? 'What was fetched of it is erased.' : 'What was fetched of it stays here.';
  return {
    ...consent,
    version: `${CHANGE_VERSION} ${consent.version}`,
    heading: 'This would be different',
    lead: `You go to ${bankName}, allow it there, and come back. Until that has worked, everything stays as it is.`,
    changes: [
      ...of(added).map(({ title, lines, purpose }) => ({ title: `New: ${title}`, lines: [...lines, purpose] })),
      ...of(dropped).map(({ title, whenDeclined }) => ({
        title: `No longer shared: ${title}`,
        lines: [...(whenDeclined === null ? [] : [whenDeclined]), fate],
      })),
    ],
    groups: consent.groups.filter(({ id }) => !declined.includes(id)),
    next: '',
  };
}
