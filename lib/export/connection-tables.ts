import { ACCOUNT_TABLES } from './account-tables.ts';
import type { ExportedTable } from './exported-table.ts';
import { ATTEMPT, AUDIT, RECEIPT } from './shared-tables.ts';

const ID = 'the id of the row that it stands in';
const LEASE = 'says which of our processes works on it';

const ACCOUNTS: ExportedTable = {
  table: 'accounts',
  name: 'accounts',
  where: 't.connection_id = $1::uuid',
  key: ['position:int', 'id:uuid'],
  columns:
    'id kind truelayer_id type display_name own_name currency number_hint card_network card_type position current_balance available_balance overdraft credit_limit balance_currency balance_at covered covered_from covered_to history_limit_code history_asked_at history_missing_from pending_at first_seen_at last_listed_at gone_at twin_of_id hidden_at sync_stopped_at joined_into_id joined_through_id joined_at',
  sealed: { number_sealed: 'json' },
  omitted: {
    connection_id: ID,
    user_id: ID,
    number_hash: 'a keyed hash of the number, which is in the document itself',
    overlap_checked_at: 'when our own matching last looked',
  },
  children: ACCOUNT_TABLES,
};

/** Everything of one connection: `$1` is its id. */
const CONNECTION_TABLES: readonly ExportedTable[] = [
  {
    table: 'connection_permissions',
    name: 'permissions',
    where: 't.connection_id = $1::uuid',
    key: ['permission:text'],
    columns: 'permission granted_at',
    omitted: { connection_id: ID },
  },
  { ...RECEIPT, where: 't.connection_id = $1::uuid' },
  { ...ATTEMPT, where: 't.connection_id = $1::uuid' },
  {
    table: 'connection_tokens',
    name: 'grants',
    where: 't.connection_id = $1::uuid',
    columns:
      'id role credentials_id access_expires_at refreshed_at generation attempt_id bank_id permissions consent_status consent_created_at consent_expires_at authenticated_at questioned_at confirmed_at revoke_failed_at revoke_after',
    omitted: {
      connection_id: ID,
      access_token_sealed: 'a key to the bank, no data about the person',
      refresh_token_sealed: 'a key to the bank, no data about the person',
      lease_id: LEASE,
      lease_until: LEASE,
    },
  },
  {
    table: 'holder_details',
    name: 'holders',
    where: 't.connection_id = $1::uuid',
    key: ['position:int', 'id:uuid'],
    columns: 'id position seen_at',
    sealed: { details_sealed: 'json' },
    omitted: { connection_id: ID },
  },
  ACCOUNTS,
  {
    table: 'reminders',
    name: 'reminders',
    where: 't.connection_id = $1::uuid',
    columns: 'id kind days_before consent_ends_at state tries code planned_at try_after claimed_at sent_at',
    omitted: { connection_id: ID },
  },
  {
    table: 'support_grants',
    name: 'supportAccess',
    where: 't.connection_id = $1::uuid',
    columns: 'id reason created_at expires_at ended_at last_used_at',
    omitted: { connection_id: ID, user_id: ID, admin_id: 'another person' },
  },
  {
    table: 'connection_resources',
    name: 'updates',
    where: 't.connection_id = $1::uuid',
    key: ['resource:text'],
    columns: 'resource state code last_ok_at last_tried_at next_try_at tries',
    omitted: { connection_id: ID },
  },
  {
    table: 'sync_runs',
    name: 'syncRuns',
    where: 't.connection_id = $1::uuid',
    columns: 'id trigger is_attended started_at finished_at outcome code rows_stored rows_set_aside',
    omitted: { connection_id: ID },
  },
  {
    table: 'truelayer_calls',
    name: 'calls',
    where: 't.connection_id = $1::uuid',
    columns:
      'id account_id bank_id run_id endpoint is_attended is_counted is_async attempt_number started_at finished_at http_status code duration_ms correlation_id truelayer_correlation_id',
    omitted: { connection_id: ID },
  },
  {
    table: 'sync_tasks',
    name: 'tasks',
    where: 't.connection_id = $1::uuid',
    columns:
      'id account_id run_id resource window_from window_to status code truelayer_task_id asked_at expires_at hinted_at polls finished_at',
    omitted: {
      connection_id: ID,
      secret_hash: 'a hash of a secret',
      results_uri: 'an address of TrueLayer that works for our client only',
    },
  },
  {
    table: 'pairing_questions',
    name: 'questions',
    where: 't.connection_id = $1::uuid',
    columns: 'id account_id candidate_ids reason asked_at answered_at answer_id',
    omitted: { connection_id: ID },
  },
  {
    table: 'set_aside_rows',
    name: 'rejectedRecords',
    where: 't.connection_id = $1::uuid',
    pageSize: 100,
    columns: 'id account_id endpoint reason path seen_at',
    sealed: { row_sealed: 'text' },
    omitted: { connection_id: ID, row_hash: 'a hash of the row, which is in the document itself' },
  },
  {
    table: 'bank_answers',
    name: 'rawResponses',
    where: 't.connection_id = $1::uuid',
    // An answer can be as large as a bank's whole history.
    pageSize: 1,
    columns: 'id account_id resource window_from window_to is_complete received_at byte_count',
    sealed: { body_sealed: 'packed' },
    omitted: { connection_id: ID },
  },
  {
    ...AUDIT,
    where: 't.connection_id = $1::uuid and t.person_id = (select c.user_id from connections c where c.id = $1::uuid)',
  },
];

/** A person's connections, each with everything that belongs to it: `$1` is the person's id. */
export const CONNECTIONS: ExportedTable = {
  table: 'connections',
  name: 'connections',
  where: 't.user_id = $1::uuid',
  key: ['connected_at:timestamptz', 'id:uuid'],
  columns:
    'id bank_id bank_name status status_reason status_changed_at credentials_id consent_status consent_created_at consent_expires_at consent_checked_at consent_asked_at authenticated_at connected_at ended_at revoking_since replaced_by_id maybe_same_as_id grant_refused_at grant_refused_code last_synced_at last_error_code last_error_at failures first_data_at next_sync_at held_until end_pending_since erases_on_stop erased_at next_reminder_at stop_told',
  omitted: {
    user_id: ID,
    sync_lease_id: LEASE,
    sync_lease_until: LEASE,
    revoke_lease_id: LEASE,
    revoke_lease_until: LEASE,
  },
  children: CONNECTION_TABLES,
};
