import type { Metadata } from 'next';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { Section } from '#components/ui/section';
import { getSettingsFile } from '#lib/admin/settings/get-settings';
import { adminContext, requireUser } from '#lib/auth/current-user';
import { signInAgainPath } from '#lib/auth/fresh-sign-in';
import { isFresh } from '#lib/auth/session-life';
import { ClientForm } from './_client-form.tsx';
import { SettingsForm } from './_settings-form.tsx';

export const metadata: Metadata = { title: 'Settings' };

export default async function SettingsPage() {
  const ctx = await adminContext('/admin/settings');
  const { signedInAt } = await requireUser('/admin/settings');
  const file = await getSettingsFile(ctx);
  return (
    <>
      <PageHeader
        title="Settings"
        lead="They hold at once, in every process, without a restart. Each change is on record with who made it and why."
      />
      <div className="space-y-10">
        <Section id="client" title="TrueLayer client">
          {isFresh(signedInAt) ? (
            <ClientForm file={file} />
          ) : (
            <Notice
              tone="note"
              title="Sign in again to change the client"
              next={{ href: signInAgainPath('/admin/settings'), label: 'Sign in again' }}
            >
              {file.client === null
                ? `No client is stored for TrueLayer’s ${file.environment} environment yet.`
                : `A client whose id ends in ${file.client.idEnd} is stored for TrueLayer’s ${file.environment} environment.`}
            </Notice>
          )}
        </Section>
        <Section id="linking" title="Linking, reminding and keeping">
          <SettingsForm file={file} />
        </Section>
      </div>
    </>
  );
}
