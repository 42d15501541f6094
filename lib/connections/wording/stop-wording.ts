/** Changes with every change of a sentence below: it is stored with each receipt. */
export const STOP_WORDING_VERSION = '2026-11-22';

export type StopChoice = 'keep' | 'erase';

/** What stopping means, as it is shown beside the button and as it is kept. */
export type StopWording = { version: string; heading: string; lead: string; consequences: string[]; next: string };

export function stopWording(input: { companyName: string; bankName: string; choice: StopChoice }): StopWording {
  const { companyName, bankName, choice } = input;
  return {
    version: STOP_WORDING_VERSION,
    heading: `Stop sharing ${bankName}`,
    lead: `${companyName} stops looking at ${bankName} at once, for good. To share again you would link it anew.`,
    consequences:
      choice === 'keep'
        ? [
            'Nothing more is fetched, from the second in which you stop.',
            'Accounts, balances and transactions that were fetched until then stay here, for you to look at. You can erase them later.',
          ]
        : [
            'Nothing more is fetched, from the second in which you stop.',
            'Everything that the bank told us is erased: accounts, balances, transactions, your notes on them, and your name and address as the bank has them. It can’t be brought back.',
            'We keep that you shared and stopped, with which bank and when, because we have to be able to prove it. Nothing of what the bank told us is in it.',
          ],
    next: 'TrueLayer is told to end its access, the keys to your data are destroyed, and we check that they open nothing any more. Your bank may still list the permission; you can remove it there too.',
  };
}
