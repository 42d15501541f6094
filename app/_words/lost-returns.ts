import type { LostReason } from '#lib/connections/receive-return';

type LostWords = { tone: 'caution' | 'danger'; title: string; text: string };

/** A return that can't be placed: what it looks like from here, and that it did nothing. */
export const LOST_WORDS: Record<LostReason, LostWords> = {
  no_state: {
    tone: 'caution',
    title: 'Your bank’s answer came back incomplete',
    text: 'The part that says to whom it belongs was missing, so we left it alone. Nothing was linked and nothing was changed. Start again from here; it takes a minute.',
  },
  unknown_state: {
    tone: 'caution',
    title: 'We don’t know this return from a bank',
    text: 'It doesn’t belong to a trip that began here: the address may have been altered, or copied from somewhere. Nothing was linked and nothing was changed.',
  },
  not_yours: {
    tone: 'caution',
    title: 'This return belongs to another account',
    text: 'It was begun by somebody who is signed in differently, so it can’t be finished here. Nothing was linked and nothing was changed. If that was you, sign in as you did then, and start again.',
  },
  broken: {
    tone: 'danger',
    title: 'Something broke on our side',
    text: 'We couldn’t take in what your bank sent back. If you look again in a minute you may find your bank linked; otherwise start again. If it happens twice, tell us the reference.',
  },
};

export function isLostReason(text: unknown): text is LostReason {
  return typeof text === 'string' && Object.hasOwn(LOST_WORDS, text);
}
