import type { Tone } from '#components/ui/tone';
import type { ConnectionStatus } from '#lib/connections/status';

type StateWords = { tone: Tone; words: string; detail?: string };

/** A connection's state for people. Colour only repeats it. */
export function connectionState(status: ConnectionStatus): StateWords {
  switch (status) {
    case 'pending':
      return { tone: 'note', words: 'Fetching for the first time' };
    case 'active':
      return { tone: 'good', words: 'Up to date' };
    case 'degraded':
      return {
        tone: 'caution',
        words: 'Not updating',
        detail: 'Your bank hasn’t answered for a while. We keep trying; there is nothing for you to do.',
      };
    case 'needs_reconfirmation':
      return {
        tone: 'caution',
        words: 'Ends soon',
        detail: 'Say whether you want to go on sharing. It takes a few seconds.',
      };
    case 'needs_reauthentication':
      return {
        tone: 'danger',
        words: 'Needs you to log in',
        detail: 'Your bank wants you to log in again. Your accounts and history stay.',
      };
    case 'expired':
      return {
        tone: 'caution',
        words: 'Ended',
        detail: 'Your permission has run out, so we stopped looking. You can renew it.',
      };
    case 'revoking':
      return { tone: 'note', words: 'Stopping', detail: 'You asked us to stop. We are telling TrueLayer now.' };
    case 'revoked':
      return { tone: 'note', words: 'Stopped' };
    case 'failed':
      return { tone: 'danger', words: 'Never linked' };
  }
}
