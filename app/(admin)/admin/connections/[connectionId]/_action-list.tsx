import { Disclosure } from '#components/ui/disclosure';
import { Panel } from '#components/ui/panel';
import { SubmitButton } from '#components/ui/submit-button';
import { TextInput } from '#components/ui/text-input';
import type { ConnectionFile } from '#lib/admin/connection/dto';
import { allowsUnattended, isOver } from '#lib/connections/status';
import {
  markForLoginAction,
  readConsentAction,
  refreshAction,
  resendReminderAction,
  revokeAction,
} from './_actions.ts';

type ActionItem = {
  name: string;
  title: string;
  does: string;
  label: string;
  isDangerous?: boolean;
  action: (connectionId: string, form: FormData) => Promise<void>;
};

const WHILE_IN_USE: readonly ActionItem[] = [
  {
    name: 'refresh',
    title: 'Refresh now',
    does: 'A job asks the bank as soon as one is free. It counts among the four background calls of the day.',
    label: 'Refresh now',
    action: refreshAction,
  },
  {
    name: 'consent',
    title: 'Re-read the consent',
    does: 'TrueLayer is asked what it holds of this consent. That reaches no bank, and costs nothing of the day’s calls.',
    label: 'Re-read the consent',
    action: readConsentAction,
  },
  {
    name: 'reminder',
    title: 'Resend the reminder',
    does: 'The person gets one more mail about the end of their consent. At most one goes out on a day.',
    label: 'Resend the reminder',
    action: resendReminderAction,
  },
  {
    name: 'login',
    title: 'Mark for a new login',
    does: 'No job calls the bank any more, and the person is asked to log in there. Their data stays.',
    label: 'Mark for a new login',
    action: markForLoginAction,
  },
];

const REVOKE: ActionItem = {
  name: 'revoke',
  title: 'Revoke',
  does: 'Sharing ends at once, TrueLayer is told, and the tokens are destroyed. Nothing leads back. What was fetched is kept for the person, who may erase it.',
  label: 'Revoke for good',
  isDangerous: true,
  action: revokeAction,
};

function actionsFor(file: ConnectionFile): readonly ActionItem[] {
  if (isOver(file.status) || file.status === 'revoking') return [];
  return allowsUnattended(file.status) ? [...WHILE_IN_USE, REVOKE] : [REVOKE];
}

type ActionListProps = { file: ConnectionFile; refused: { action: string; message: string } | null };

/** Each thing that can be done, what it does, and the reason that goes on record with it. */
export function ActionList({ file, refused }: ActionListProps) {
  const actions = actionsFor(file);
  if (actions.length === 0) return <p className="text-soft">In this state there is nothing for the team to do.</p>;
  return (
    <Panel>
      <ul className="-my-3 divide-y divide-line">
        {actions.map((item) => (
          <li key={item.name}>
            <Disclosure look="row" summary={item.title} isOpen={refused?.action === item.name} group="actions">
              <form action={item.action.bind(null, file.id)} className="max-w-prose space-y-4">
                <p className="text-soft">{item.does}</p>
                <TextInput
                  id={`reason-${item.name}`}
                  name="reason"
                  label="Reason"
                  hint="Goes on record beside your name, until the user deletes their account. At least ten letters."
                  error={refused?.action === item.name ? refused.message : undefined}
                  isRequired
                  maxLength={500}
                />
                <SubmitButton
                  pendingLabel="Working…"
                  size="sm"
                  variant={item.isDangerous === true ? 'danger' : 'primary'}
                >
                  {item.label}
                </SubmitButton>
              </form>
            </Disclosure>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
