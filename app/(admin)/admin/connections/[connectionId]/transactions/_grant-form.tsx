import { Panel } from '#components/ui/panel';
import { Select } from '#components/ui/select';
import { SubmitButton } from '#components/ui/submit-button';
import { TextArea } from '#components/ui/text-area';
import { openGrantAction } from './_actions.ts';

/** Seeing somebody's money is an exception: it needs a reason, has an end, and the person is told. */
export function GrantForm({ connectionId, error }: { connectionId: string; error: string | undefined }) {
  return (
    <Panel>
      <form action={openGrantAction.bind(null, connectionId)} className="max-w-narrow space-y-5">
        <p>
          You can’t see this person’s transactions. If you need to, take leave for a while. They get a mail with your
          reason, see on their page that you may look and when you did, and can end it at any time.
        </p>
        <TextArea
          id="reason"
          name="reason"
          label="Reason"
          hint="The person reads it. At least ten letters."
          error={error}
          isRequired
          maxLength={500}
        />
        <Select
          id="hours"
          name="hours"
          label="For"
          defaultValue="1"
          options={[
            { value: '1', label: '1 hour' },
            { value: '4', label: '4 hours' },
            { value: '24', label: '24 hours' },
          ]}
        />
        <SubmitButton pendingLabel="Taking leave…">Take leave and tell the person</SubmitButton>
      </form>
    </Panel>
  );
}
