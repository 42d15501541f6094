import type { Tone } from '#components/ui/tone';
import type { ConnectionStatus } from '#lib/connections/status';

export const STATES: Readonly<Record<ConnectionStatus, { tone: Tone; words: string }>> = {
  pending: { tone: 'note', words: 'First fetch' },
  active: { tone: 'good', words: 'Active' },
  degraded: { tone: 'caution', words: 'Degraded' },
  needs_reconfirmation: { tone: 'caution', words: 'Needs reconfirming' },
  needs_reauthentication: { tone: 'danger', words: 'Needs bank login' },
  expired: { tone: 'caution', words: 'Expired' },
  revoking: { tone: 'note', words: 'Revoking' },
  revoked: { tone: 'neutral', words: 'Revoked' },
  failed: { tone: 'danger', words: 'Never linked' },
};
