import type { Metadata } from 'next';
import { PageHeader } from '#components/ui/page-header';
import { Section } from '#components/ui/section';
import { getSettingsFile } from '#lib/admin/settings/get-settings';
import { adminContext } from '#lib/auth/current-user';
import { ClientForm } from './_client-form.tsx';
import { SettingsForm } from './_settings-form.tsx';

export const metadata: Metadata = { title: 'Settings' };

export default async function SettingsPage() {
  const ctx = await adminContext('/admin/settings');
  const file = await getSettingsFile(ctx);
  return (
    <>
      <PageHeader
        title="Settings"
        lead="They hold at once, in every process, without a restart. Each change is on record with who made it and why."
      />
      <div className="space-y-10">
        <Section id="client" title="TrueLayer client">
          <ClientForm file={file} />
        </Section>
        <Section id="linking" title="Linking, reminding and keeping">
          <SettingsForm file={file} />
        </Section>
      </div>
    </>
  );
}
