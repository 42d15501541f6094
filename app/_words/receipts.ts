import type { ReceiptKind } from '#lib/connections/keep-receipt';

/** What a receipt is a receipt of. */
export const RECEIPT_TITLES: Readonly<Record<ReceiptKind, string>> = {
  consent: 'You gave permission',
  information: 'You were told what is shared',
  reconfirmation: 'You said that it should go on',
  change: 'You changed what is shared',
  stop: 'You stopped sharing',
};
