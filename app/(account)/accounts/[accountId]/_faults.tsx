import type { AccountDetail } from '#lib/accounts/dto';
import type { CurrentFault } from '#lib/connections/faults/fault';
import { FaultNotice } from '../../_fault-notice.tsx';

type AccountFaultsProps = { account: AccountDetail; faults: readonly CurrentFault[]; now: Date };

/** What stands in the way of this account's data, each with its next step. */
export function AccountFaults({ account, faults, now }: AccountFaultsProps) {
  const connection = { id: account.connectionId, bankName: account.bankName };
  return faults.map((fault) => (
    <FaultNotice key={`${fault.scope} ${fault.code} ${fault.kind}`} fault={fault} connection={connection} now={now} />
  ));
}
