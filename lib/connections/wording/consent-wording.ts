import type { Permission } from '#lib/truelayer/permissions';
import { DATA_GROUPS, type GroupId } from './groups.ts';
import { type ClientRole, regulatoryWording } from './regulatory.ts';

/** Changes with every change of a sentence below or in groups.ts: it is stored with each consent. */
export const WORDING_VERSION = '2026-11-27-3';

export type WordingInput = {
  companyName: string;
  companyFirmReference: string | null;
  privacyUrl: string | null;
  clientRole: ClientRole;
  /** Null where TrueLayer asks for the bank. */
  bankName: string | null;
  /** Of the bank; null as well where TrueLayer asks for it. */
  country: string | null;
  /** What this bank can give of what we ask for. */
  permissions: readonly Permission[];
  /** In words: "21 February 2027". */
  endsOn: string;
  historyText: string;
  /** TrueLayer's own consent screen follows ours, which then prepares and doesn't repeat. */
  isFollowedByTrueLayer: boolean;
};

export type WordingGroup = {
  id: GroupId;
  title: string;
  lines: string[];
  purpose: string;
  whenDeclined: string | null;
};

/**
 * The whole text of a permissions page: shown from this object, and kept as this object. What TrueLayer's own screen says
 * right afterwards is empty here.
 */
export type ConsentWording = {
  version: string;
  heading: string;
  lead: string;
  groups: WordingGroup[];
  cannot: string[];
  sharing: string;
  history: string;
  duration: string;
  stopping: string;
  regulatory: string[];
  links: { label: string; url: string }[];
  next: string;
};

export const HISTORY_TEXT = 'As far back as your bank allows, often two years or more, and from then on what is new.';

export function consentWording(input: WordingInput): ConsentWording {
  return input.isFollowedByTrueLayer ? preparation(input) : consent(input);
}

function consent(input: WordingInput): ConsentWording {
  const { companyName, endsOn } = input;
  const bank = input.bankName ?? 'your bank';
  return {
    version: WORDING_VERSION,
    heading: `Allow ${companyName} to see your ${input.bankName ?? 'bank'} accounts`,
    lead: `You decide what ${companyName} may see, and for how long.`,
    groups: groupsOf(input.permissions),
    cannot: [
      'Make a payment or move money',
      'Change anything at your bank',
      'See your password, PIN or security codes: you give them to your bank only',
      'See accounts that you don’t choose at your bank',
    ],
    sharing: sharingText(companyName),
    history: input.historyText,
    duration: `Until ${endsOn}. Before then we ask whether you want to go on; if you don’t answer, it ends.`,
    stopping: stoppingText(companyName),
    regulatory: regulatoryWording(input),
    links: links(input),
    next: `You go to ${bank}, log in there, choose your accounts, and come back here.`,
  };
}

/**
 * TrueLayer takes the consent, and says in detail what is read and until when: ours says why, what can be left out, and how to
 * stop here, of which TrueLayer knows nothing.
 */
function preparation(input: WordingInput): ConsentWording {
  const bank = input.bankName ?? 'your bank';
  return {
    version: WORDING_VERSION,
    heading: `Before you go to ${bank}`,
    lead: 'TrueLayer, which reaches the bank for us, asks for your permission on the next screen. This is why we ask.',
    groups: groupsOf(input.permissions).map((group) => ({ ...group, lines: [] })),
    cannot: [],
    sharing: sharingText(input.companyName),
    history: '',
    duration: '',
    stopping: stoppingText(input.companyName),
    regulatory: regulatoryWording(input),
    links: links(input),
    next:
      input.bankName === null
        ? 'On TrueLayer’s pages you choose your bank and decide. Then you log in at the bank, choose your accounts, and come back here.'
        : `You decide on TrueLayer’s page. Then you log in at ${bank}, choose your accounts, and come back here.`,
  };
}

export function sharingText(companyName: string): string {
  return `Only ${companyName} sees this data, and TrueLayer, which fetches it for us. Nobody else does, and it isn’t sold.`;
}

function stoppingText(companyName: string): string {
  return `You can stop at any time under Connections in ${companyName}, and at your bank as well.`;
}

function groupsOf(permissions: readonly Permission[]): WordingGroup[] {
  return DATA_GROUPS.flatMap((group) => {
    const lines = group.details
      .filter((detail) => permissions.includes(detail.permission))
      .map((detail) => detail.text);
    if (lines.length === 0) return [];
    return [{ id: group.id, title: group.title, lines, purpose: group.purpose, whenDeclined: group.whenDeclined }];
  });
}

function links({ companyName, privacyUrl }: WordingInput): { label: string; url: string }[] {
  return [
    { label: 'TrueLayer’s terms of service', url: 'https://truelayer.com/legal/enduser_tos/' },
    { label: 'TrueLayer’s privacy notice', url: 'https://truelayer.com/legal/privacy/' },
    ...(privacyUrl === null ? [] : [{ label: `${companyName}’s privacy notice`, url: privacyUrl }]),
  ];
}
