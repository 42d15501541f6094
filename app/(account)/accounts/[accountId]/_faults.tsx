import type { AccountDetail } from '#lib/accounts/dto';
import type { ConnectionFaults } from '#lib/connections/faults/list-faults';
import { FaultNotice } from '../../_fault-notice.tsx';

type AccountFaultsProps = { account: AccountDetail; faults: ConnectionFaults | undefined; now: Date };

/** What stands in the way of this account's data: faults of the whole connection first, then its own. */
export function AccountFaults({ account, faults, now }: AccountFaultsProps) {
  if (faults === undefined) return null;
  const { main } = faults;
  const all = [
    ...(main !== null && main.scope === 'connection' ? [main] : []),
    ...(faults.byAccount.get(account.id) ?? []),
  ];
  const connection = { id: account.connectionId, bankName: account.bankName };
  return all.map((fault) => (
    <FaultNotice key={`${fault.scope} ${fault.code} ${fault.kind}`} fault={fault} connection={connection} now={now} />
  ));
}
