import type { ExportedTable } from './exported-table.ts';

const ID = 'the id of the row that it stands in';
const OURS = 'for our own matching; worked out from the columns beside it';

/** Everything of one account or card: `$1` is its id. */
export const ACCOUNT_TABLES: readonly ExportedTable[] = [
  {
    table: 'balance_readings',
    name: 'balances',
    where: 't.account_id = $1::uuid',
    key: ['read_at:timestamptz'],
    columns:
      'read_at current available overdraft credit_limit last_statement_balance last_statement_on payment_due payment_due_on currency amounts_as_sent bank_updated_at',
    omitted: { account_id: ID },
  },
  {
    table: 'transactions',
    name: 'transactions',
    where: 't.account_id = $1::uuid',
    key: ['booked_on:date', 'position:int', 'id:uuid'],
    columns:
      'id truelayer_id normalised_id provider_transaction_id booked_on booked_at timestamp_text position description amount effect currency type category classification merchant_name merchant_source running_balance is_sign_mismatch meta date_doubt amounts_as_sent first_seen_at changed_at vanished_at duplicate_of_id',
    omitted: { account_id: ID, content_hash: OURS },
    computed: {
      // Beside its transaction, where a reader looks for it; complete under `notes`.
      note: '(select e.note from transaction_edits e where e.transaction_id = t.id)',
    },
  },
  {
    table: 'pending_transactions',
    name: 'pending',
    where: 't.account_id = $1::uuid',
    columns:
      'id position truelayer_id made_on timestamp_text description amount effect currency type category classification merchant_name meta date_doubt amounts_as_sent first_seen_at seen_at',
    omitted: { account_id: ID },
  },
  {
    table: 'transaction_edits',
    name: 'notes',
    where: 't.account_id = $1::uuid',
    columns:
      'id transaction_id pending_id note category merchant_name is_transfer snapshot_day snapshot_effect snapshot_currency snapshot_description snapshot_merchant_name snapshot_coding snapshot_classification snapshot_first_seen_at is_detached created_at changed_at',
    omitted: { account_id: ID, rival: OURS },
  },
  {
    table: 'transaction_joins',
    name: 'joinedTransactions',
    where: 't.account_id = $1::uuid',
    key: ['hidden_id:uuid', 'shown_id:uuid'],
    columns: 'hidden_id shown_id added_words joined_at',
    omitted: { account_id: ID },
  },
  {
    table: 'enrichments',
    name: 'categories',
    where: 't.transaction_id in (select x.id from transactions x where x.account_id = $1::uuid)',
    key: ['transaction_id:uuid'],
    columns: 'transaction_id merchant_key merchant_name merchant_reason category category_reason is_transfer_like',
    omitted: { content_hash: OURS, rules: 'the edition of our rules' },
  },
  {
    table: 'transfers',
    name: 'transfers',
    where: 't.account_id = $1::uuid',
    key: ['transaction_id:uuid'],
    columns: 'transaction_id other_transaction_id reason found_at',
    omitted: { account_id: ID },
  },
  {
    table: 'recurring_payments',
    name: 'recurring',
    where: 't.account_id = $1::uuid',
    columns:
      'id merchant_name cadence amount is_amount_steady currency occurrences first_on last_on next_on reason found_at dismissed_at',
    omitted: { account_id: ID, series_key: OURS },
  },
  {
    table: 'direct_debits',
    name: 'directDebits',
    where: 't.account_id = $1::uuid',
    key: ['position:int'],
    columns: 'position name status reference previous_paid_on previous_paid_amount currency meta seen_at',
    omitted: { account_id: ID },
  },
  {
    table: 'standing_orders',
    name: 'standingOrders',
    where: 't.account_id = $1::uuid',
    key: ['position:int'],
    columns:
      'position frequency status payee reference currency next_on next_amount first_on first_amount final_on final_amount meta seen_at',
    omitted: { account_id: ID },
  },
  {
    table: 'account_resources',
    name: 'updates',
    where: 't.account_id = $1::uuid',
    key: ['resource:text'],
    columns: 'resource state code last_ok_at last_tried_at next_try_at tries',
    omitted: { account_id: ID },
  },
  {
    table: 'account_distinctions',
    name: 'notTheSameAs',
    where: 't.account_id = $1::uuid',
    key: ['other_id:uuid'],
    columns: 'other_id said_at',
    omitted: { account_id: ID },
  },
];
