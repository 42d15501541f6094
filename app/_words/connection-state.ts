import type { Tone } from '#components/ui/tone';
import { affectsEverything, type CurrentFault } from '#lib/connections/faults/fault';
import type { ConnectionStatus } from '#lib/connections/status';
import type { FaultWords } from './faults.ts';

type StateWords = { tone: Tone; words: string; detail?: string };

/** What is known of a connection's current fault, with its words. */
export type StateFault = { fault: CurrentFault; words: FaultWords };

type StateInput = { status: ConnectionStatus; fault: StateFault | null; hasSynced: boolean };

/** A connection's state for people. Colour only repeats it. What a fault means stands in its own notice. */
export function connectionState({ status, fault, hasSynced }: StateInput): StateWords {
  if (status === 'pending') return fault === null ? firstState(hasSynced) : badgeOf(fault);
  if (status === 'degraded' && fault !== null) return badgeOf(fault);
  if (status === 'active' && fault !== null) {
    if (affectsEverything(fault.fault)) return badgeOf(fault);
    if (fault.fault.nextStep !== 'none') return { tone: 'caution', words: 'Partly up to date' };
  }
  if (status === 'needs_reauthentication' && fault !== null) return badgeOf(fault);
  return plainState(status);
}

function badgeOf({ words }: StateFault): StateWords {
  return { tone: words.tone, words: words.badge };
}

/** Loading ends with the first sync, whatever came of it. */
function firstState(hasSynced: boolean): StateWords {
  return hasSynced ? { tone: 'note', words: 'No data yet' } : { tone: 'note', words: 'Fetching for the first time' };
}

function plainState(status: Exclude<ConnectionStatus, 'pending'>): StateWords {
  switch (status) {
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
