import { FaultNotice as Frame } from '#components/connection/fault-notice';
import type { CurrentFault } from '#lib/connections/faults/fault';
import { toList } from '#lib/format/count';
import { faultResources, faultWords } from '../_words/faults.ts';

type FaultNoticeProps = {
  fault: CurrentFault;
  connection: { id: string; bankName: string };
  /** Names of the accounts that a fault may affect; without them it is clear which. */
  accounts?: readonly { id: string; name: string }[];
  now: Date;
};

/** A fault in words, with what it affects, the next step and the reference. */
export function FaultNotice({ fault, connection, accounts = [], now }: FaultNoticeProps) {
  const words = faultWords(fault, { connectionId: connection.id, bankName: connection.bankName });
  const names = accounts.filter(({ id }) => fault.accountIds.includes(id)).map(({ name }) => name.trim());
  const resources = faultResources(fault);
  return (
    <Frame
      words={words}
      since={fault.since}
      nextTryAt={fault.nextTryAt}
      reference={fault.reference}
      now={now}
      affected={[
        ...(names.length === 0 ? [] : [{ label: names.length === 1 ? 'Account' : 'Accounts', names: toList(names) }]),
        ...(resources === null ? [] : [{ label: 'Not updated', names: resources }]),
      ]}
    />
  );
}
