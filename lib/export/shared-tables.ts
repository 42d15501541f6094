import type { ExportedTable } from './exported-table.ts';

/** What belongs to a connection, or to none yet. Whoever uses one of these says which rows. */
type Rowless = Omit<ExportedTable, 'where'>;

const ID = 'the id of the row that it stands in';
const SECRET = 'a secret of the way to the bank, or its hash';

export const RECEIPT: Rowless = {
  table: 'consent_receipts',
  name: 'receipts',
  key: ['agreed_at:timestamptz', 'id:uuid'],
  columns:
    'id attempt_id connection_id bank_id bank_name kind wording_version wording purpose_text permissions declined agreed_at',
  omitted: { user_id: ID },
};

export const ATTEMPT: Rowless = {
  table: 'attempts',
  name: 'attempts',
  columns:
    'id reference bank_id connection_id purpose flow permissions status outcome_code raw_code redirect_uri tracking_id device is_app_return way erases_dropped refused_permissions refusal_description code_sent_at unknown_consent_at unknown_consent_dismissed_at created_at expires_at redirected_at returned_at tokens_at first_data_at finished_at',
  omitted: {
    user_id: ID,
    state_hash: SECRET,
    browser_hash: SECRET,
    verifier_sealed: SECRET,
    code_sealed: SECRET,
    return_hash: SECRET,
  },
};

/** Who else acted, and from where, is another person's: the document says `admin` and no more. */
export const AUDIT: Rowless = {
  table: 'audit_entries',
  name: 'history',
  key: ['at:timestamptz', 'id:uuid'],
  columns: 'id at actor_kind actor_label action subject_kind subject_id connection_id before after reason request_id',
  omitted: {
    actor_id: 'may be another person; `byYou` says whether it was this one',
    person_id: ID,
    caller_address: 'may be another person’s; `address` has this person’s own',
  },
  computed: {
    byYou: 't.actor_id is not null and t.actor_id = coalesce(t.person_id, t.actor_id)',
    address:
      "case when t.actor_id = coalesce(t.person_id, t.actor_id) or t.actor_kind = 'nobody' then t.caller_address end",
  },
};
