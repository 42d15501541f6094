import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser';
import type { PasskeyProblem } from '#components/passkeys/passkey-problem';

export type BegunEnrolment = { options: PublicKeyCredentialCreationOptionsJSON } | { problem: PasskeyProblem };

export type EnrolmentState =
  | { outcome: 'added'; recoveryCodes: string[] | null }
  | { outcome: 'refused'; problem: PasskeyProblem };

export type RecoveryCodesState =
  | { outcome: 'untouched' }
  | { outcome: 'unsure' }
  | { outcome: 'created'; codes: string[] };
