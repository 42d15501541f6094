export type ClientRole = 'agent' | 'regulated';

type BesideConsent = {
  country: string | null;
  /** TrueLayer's own consent screen follows ours. */
  isFollowedByTrueLayer: boolean;
};

export type RegulatoryInput = { companyName: string; companyFirmReference: string | null; clientRole: ClientRole };

const IN_THE_UK =
  'TrueLayer Limited (company number 10278251) is authorised by the Financial Conduct Authority under the Payment Services Regulations 2017 to provide account information services (firm reference number 901096).';
const IN_THE_EU =
  'In the European Union that is TrueLayer (Ireland) Limited, authorised by the Central Bank of Ireland to provide account information services (reference number C433487).';

/**
 * What must be said about who is regulated, beside a consent. The exact sentences that TrueLayer prescribes to agents are
 * agreed with TrueLayer before going live; until then these await approval.
 */
export function regulatoryWording(input: RegulatoryInput & BesideConsent): string[] {
  const { companyName } = input;
  const trueLayer = trueLayerIn(input.country);
  if (input.clientRole === 'agent') {
    return [
      `${companyName} uses TrueLayer to read your accounts: TrueLayer collects your consent and accesses the data, and ${companyName} acts as its agent.`,
      ...trueLayer,
    ];
  }
  const standing = `${companyName} is authorised by the Financial Conduct Authority to provide account information services${reference(input)}`;
  return [
    input.isFollowedByTrueLayer
      ? `${standing}. TrueLayer collects your consent on the next screen, and provides the connection to your bank.`
      : `${standing}, and collects your consent. TrueLayer provides the connection to your bank.`,
    ...trueLayer,
  ];
}

/** Which of TrueLayer's companies reaches the bank; both, where it isn't known yet whose bank it will be. */
function trueLayerIn(country: string | null): string[] {
  if (country === null) return [IN_THE_UK, IN_THE_EU];
  return [country === 'uk' ? IN_THE_UK : IN_THE_EU];
}

/** The same in one line, for the foot of every page. */
export function regulatoryLine(input: RegulatoryInput): string {
  const { companyName } = input;
  return input.clientRole === 'agent'
    ? `${companyName} acts as an agent of TrueLayer Limited, which is authorised by the Financial Conduct Authority (firm reference number 901096) and reads your accounts with your consent.`
    : `${companyName} is authorised by the Financial Conduct Authority${reference(input)} and reaches your banks through TrueLayer.`;
}

function reference({ companyFirmReference }: RegulatoryInput): string {
  return companyFirmReference === null ? '' : ` (firm reference number ${companyFirmReference})`;
}
