import type { OutcomeCode } from '#lib/connections/outcome';

export type OutcomeWords = {
  tone: 'note' | 'caution' | 'danger';
  title: string;
  text: string;
  /** What is best done now. Another bank can always be chosen. */
  next: 'retry' | 'later' | 'other_bank' | 'help';
};

/** Each way in which a trip can end without a link, with words and a next step of its own. */
const WORDS: Record<OutcomeCode, OutcomeWords> = {
  cancelled_at_bank: {
    tone: 'note',
    title: 'No bank was linked',
    text: 'The permission was not given at the bank. If that was what you wanted, there is nothing to do. Nothing was shared.',
    next: 'retry',
  },
  bank_trouble: {
    tone: 'caution',
    title: 'Your bank couldn’t finish this',
    text: 'Something went wrong at the bank, or there was no account to share under this login. Nothing was shared. Often it works a little later.',
    next: 'retry',
  },
  bank_unavailable: {
    tone: 'caution',
    title: 'Your bank can’t be reached just now',
    text: 'It takes no logins from outside at the moment. Nothing was shared. Please try again in a while.',
    next: 'later',
  },
  truelayer_trouble: {
    tone: 'caution',
    title: 'The connection to your bank is down just now',
    text: 'TrueLayer, who reaches the bank for us, has a problem. Nothing was shared. Please try again in a few minutes.',
    next: 'later',
  },
  our_configuration: {
    tone: 'danger',
    title: 'This is our mistake',
    text: 'We are not set up correctly for this bank, and we have been told about it. Nothing was shared, and trying again won’t help yet.',
    next: 'help',
  },
  unknown_refusal: {
    tone: 'caution',
    title: 'The bank didn’t let us in',
    text: 'It gave no reason that we know. Nothing was shared. You can try again, or choose another bank.',
    next: 'retry',
  },
  no_answer: {
    tone: 'caution',
    title: 'The bank sent you back without an answer',
    text: 'That should not happen. Nothing was shared. Please start again.',
    next: 'retry',
  },
  code_refused: {
    tone: 'caution',
    title: 'The bank’s permission was no longer good',
    text: 'It is good for five minutes only, and once. Nothing was shared. Please start again; it is quick the second time.',
    next: 'retry',
  },
  exchange_lost: {
    tone: 'caution',
    title: 'We lost the line to TrueLayer at the last step',
    text: 'We can’t tell whether your permission was noted, and we hold no access. Please start again. If your bank lists a permission that you don’t use, you can remove it there.',
    next: 'retry',
  },
  exchange_refused: {
    tone: 'caution',
    title: 'TrueLayer couldn’t finish the last step',
    text: 'Your bank said yes, and TrueLayer then had a problem. We hold no access. Please start again in a minute.',
    next: 'retry',
  },
  truelayer_unreachable: {
    tone: 'caution',
    title: 'TrueLayer couldn’t be reached at the last step',
    text: 'Your bank said yes, but for half a minute nobody answered where we ask for the access. We hold none. Please start again in a few minutes.',
    next: 'later',
  },
  link_unavailable: {
    tone: 'caution',
    title: 'We couldn’t take you to your bank',
    text: 'TrueLayer gave us no way there just now. Nothing was shared. Please try again in a few minutes.',
    next: 'later',
  },
  returned_too_late: {
    tone: 'caution',
    title: 'That took too long',
    text: 'You came back from the bank, but not in time to finish here: the permission was good for five minutes. Nothing was shared. Please start again.',
    next: 'retry',
  },
  came_back_late: {
    tone: 'caution',
    title: 'You came back after we had closed this',
    text: 'A trip to the bank has to end within half an hour, for your safety. Nothing was shared. Please start again. If your bank lists a permission that you don’t use, you can remove it there.',
    next: 'retry',
  },
  interrupted: {
    tone: 'danger',
    title: 'Something broke on our side',
    text: 'We were interrupted while finishing, and hold no access. Please start again. If it happens twice, tell us the reference below.',
    next: 'retry',
  },
  interrupted_at_exchange: {
    tone: 'danger',
    title: 'We were interrupted at the last step',
    text: 'Your bank may list a permission for us that we can’t use: we hold no access to your accounts. Link your bank again, or remove the permission in your bank’s app or website. If you link again, you can remove the older of the two there.',
    next: 'retry',
  },
  never_returned: {
    tone: 'note',
    title: 'You didn’t come back from the bank',
    text: 'We waited half an hour and then closed this. Nothing was shared. You can go on where you stopped.',
    next: 'retry',
  },
  superseded: {
    tone: 'note',
    title: 'You went on in another window',
    text: 'This trip was begun twice, and only the other one was gone on with. Nothing was shared through this one.',
    next: 'retry',
  },
  identity_unknown: {
    tone: 'danger',
    title: 'We couldn’t tell which bank this was',
    text: 'TrueLayer confirmed a permission without naming the bank, so we keep no access. Please start again.',
    next: 'retry',
  },
  stopped_meanwhile: {
    tone: 'note',
    title: 'You had stopped sharing in the meantime',
    text: 'So what your bank has just allowed was given back, and nothing is shared. To share again, link the bank anew.',
    next: 'retry',
  },
  login_taken: {
    tone: 'caution',
    title: 'This login is linked already, under another account here',
    text: 'It can be linked in one place at a time, and what is shared there stays there. Sign in with the account that you used before, or choose another login at the bank.',
    next: 'other_bank',
  },
  login_linked_apart: {
    tone: 'caution',
    title: 'You logged in with a login that you have linked on its own',
    text: 'It is another of your connections, and goes on as it was. Please try again, and choose the login at the bank that belongs to this one.',
    next: 'retry',
  },
};

export function outcomeWords(code: string | null): OutcomeWords {
  return isOutcome(code) ? WORDS[code] : WORDS.interrupted;
}

function isOutcome(code: string | null): code is OutcomeCode {
  return code !== null && Object.hasOwn(WORDS, code);
}
