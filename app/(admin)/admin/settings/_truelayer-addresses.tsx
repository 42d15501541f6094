import { Button } from '#components/ui/button';
import { CopyButton } from '#components/ui/copy-button';
import { DefinitionList } from '#components/ui/definition-list';
import { Panel } from '#components/ui/panel';
import type { SettingsFile } from '#lib/admin/settings/get-settings';

/** The addresses can be selected as text where there is no clipboard. The check is a plain form: links are fetched ahead of a click. */
export function TrueLayerAddresses({ addresses: { redirectUri, webhookUri } }: Pick<SettingsFile, 'addresses'>) {
  return (
    <Panel>
      <DefinitionList
        items={[
          {
            term: 'Redirect URI',
            value: <Address text={redirectUri} label="Copy the redirect URI" />,
            note: 'Register this in TrueLayer’s Console under Redirect URIs.',
          },
          {
            term: 'Webhook URI',
            value: <Address text={webhookUri} label="Copy the webhook URI" />,
            note: 'Nothing to register: we send it with each request, with a secret added. TrueLayer must be able to reach it from the internet.',
          },
        ]}
      />
      <form action="/admin/settings#addresses" method="get" className="mt-5">
        <Button type="submit" name="check" value="now" variant="secondary">
          Check with TrueLayer
        </Button>
      </form>
    </Panel>
  );
}

function Address({ text, label }: { text: string; label: string }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <code className="select-all break-all font-mono">{text}</code>
      <CopyButton text={text} label={label} />
    </span>
  );
}
