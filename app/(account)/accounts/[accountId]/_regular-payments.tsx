import { DayText } from '#components/ui/date-text';
import { Money } from '#components/ui/money';
import { Panel } from '#components/ui/panel';
import { Section } from '#components/ui/section';
import type { RegularPayments } from '#lib/accounts/list-payments';
import type { TimeZone } from '#lib/time/calendar';

type RegularPaymentsProps = { payments: RegularPayments; now: Date; zone: TimeZone };

/** Direct Debits and standing orders, as the bank lists them. */
export function RegularPaymentsList({ payments, now, zone }: RegularPaymentsProps) {
  // The bank gives them no id; the whole list is replaced at each fetch, so their place in it is one.
  const directDebits = payments.directDebits.map((debit, position) => ({ ...debit, id: `debit-${position}` }));
  const standingOrders = payments.standingOrders.map((order, position) => ({ ...order, id: `order-${position}` }));
  if (directDebits.length + standingOrders.length === 0) return null;
  return (
    <Section id="regular" title="Regular payments" lead="As your bank lists them.">
      <Panel inset="none">
        <ul className="divide-y divide-line">
          {standingOrders.map((order) => (
            <Row key={order.id} name={order.payee ?? order.reference ?? 'Standing order'} kind="Standing order">
              {order.nextAmount === null ? null : <Money amount={order.nextAmount} currency={order.currency} />}
              {order.nextOn === null ? null : (
                <span className="block text-sm text-soft">
                  next <DayText day={order.nextOn} now={now} zone={zone} />
                </span>
              )}
            </Row>
          ))}
          {directDebits.map((debit) => (
            <Row key={debit.id} name={debit.name} kind="Direct Debit">
              {debit.lastAmount === null ? null : <Money amount={debit.lastAmount} currency={debit.currency} />}
              {debit.lastPaidOn === null ? null : (
                <span className="block text-sm text-soft">
                  last <DayText day={debit.lastPaidOn} now={now} zone={zone} />
                </span>
              )}
            </Row>
          ))}
        </ul>
      </Panel>
    </Section>
  );
}

function Row({ name, kind, children }: { name: string; kind: string; children: React.ReactNode }) {
  return (
    <li className="flex items-start justify-between gap-4 px-5 py-3.5">
      <span className="min-w-0">
        <span className="block font-medium">{name}</span>
        <span className="block text-sm text-soft">{kind}</span>
      </span>
      <span className="shrink-0 text-right">{children}</span>
    </li>
  );
}
