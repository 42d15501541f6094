import { CONNECTIONS } from './connection-tables.ts';
import type { ExportedTable } from './exported-table.ts';
import { ATTEMPT, AUDIT, RECEIPT } from './shared-tables.ts';

const ID = 'the id of the row that it stands in';

/** The person themselves: `$1` is their id. */
export const PERSON: ExportedTable = {
  table: 'users',
  name: 'person',
  where: 't.id = $1::uuid',
  columns: 'id email name email_verified_at role wants_reminders leaving_at leaving_reference created_at',
};

/**
 * Everything else, the connections last. A table that belongs to a person goes here, or below an account or a connection, or
 * into `NOT_EXPORTED` with the reason: `export-data.test.ts` fails until it does.
 */
export const PERSON_TABLES: readonly ExportedTable[] = [
  {
    table: 'sign_in_accounts',
    name: 'signInAccounts',
    where: 't.user_id = $1::uuid',
    columns: 'id provider provider_account_id email',
    omitted: { user_id: ID },
  },
  {
    table: 'sessions',
    name: 'sessions',
    where: 't.user_id = $1::uuid',
    columns: 'id created_at last_used_at expires_at second_factor_at passkey_used_at device network',
    omitted: {
      user_id: ID,
      token_hash: 'the hash of a secret',
      challenge_hash: 'the hash of a secret',
      challenge_expires_at: 'when that secret ends',
    },
  },
  {
    table: 'email_changes',
    name: 'emailChanges',
    where: 't.user_id = $1::uuid',
    columns: 'id old_email new_email created_at changed_at expires_at',
    omitted: {
      user_id: ID,
      session_id: 'which session asked: sessions are listed by themselves',
      token_hash: 'the hash of a secret',
      code_attempts: 'how often a code was typed',
    },
  },
  {
    table: 'passkeys',
    name: 'passkeys',
    where: 't.user_id = $1::uuid',
    columns: 'id name transports created_at last_used_at',
    omitted: {
      user_id: ID,
      credential_id: 'a credential, no data about the person',
      public_key: 'a credential, no data about the person',
      counter: 'a credential, no data about the person',
    },
  },
  {
    table: 'recovery_codes',
    name: 'recoveryCodes',
    where: 't.user_id = $1::uuid',
    columns: 'id created_at',
    omitted: { user_id: ID, code_hash: 'the hash of a secret' },
  },
  {
    table: 'merchant_rules',
    name: 'merchantRules',
    where: 't.user_id = $1::uuid',
    columns: 'id merchant_key merchant_name category created_at changed_at',
    omitted: { user_id: ID },
  },
  {
    table: 'undo_steps',
    name: 'undoSteps',
    where: 't.user_id = $1::uuid',
    columns: 'id account_id before created_at',
    omitted: { user_id: ID },
  },
  {
    table: 'journey_steps',
    name: 'journeySteps',
    where: 't.user_id = $1::uuid',
    columns: 'id at step attempt_id bank_id purpose flow device outcome',
    omitted: { user_id: ID },
  },
  // Those without a connection; the others are below theirs.
  { ...RECEIPT, where: 't.user_id = $1::uuid and t.connection_id is null' },
  { ...ATTEMPT, where: 't.user_id = $1::uuid and t.connection_id is null' },
  {
    ...AUDIT,
    where: `(t.person_id = $1::uuid or (t.actor_id = $1::uuid and t.person_id is null)) and not exists (
      select 1 from connections c where c.id = t.connection_id and c.user_id = $1::uuid and t.person_id = $1::uuid)`,
  },
  CONNECTIONS,
];

/** Tables with a way to a person that the document leaves out, and why. */
export const NOT_EXPORTED: Readonly<Record<string, string>> = {
  audit_reasons: 'in `history`, as `typedReason`',
  reasons_to_seal: 'in `history`, as `typedReason`',
  person_keys: 'a key',
  export_leases: 'that this document is being written',
  sign_in_links: 'the hash of a secret that works for 15 minutes, beside the address',
  rate_limits: 'counters under keyed hashes: nobody can say whose they are',
};
