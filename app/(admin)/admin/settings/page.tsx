import type { Metadata } from 'next';
import { Suspense } from 'react';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { Section } from '#components/ui/section';
import { Loading, SkeletonRows } from '#components/ui/skeleton';
import { getSettingsFile } from '#lib/admin/settings/get-settings';
import { listGoLiveSteps } from '#lib/admin/settings/list-go-live-steps';
import { adminContext, requireUser } from '#lib/auth/current-user';
import { signInAgainPath } from '#lib/auth/fresh-sign-in';
import { isFresh } from '#lib/auth/session-life';
import { ClientForm } from './_client-form.tsx';
import { GoLiveList } from './_go-live-list.tsx';
import { LiveCheck } from './_live-check.tsx';
import { SettingsForm } from './_settings-form.tsx';
import { TrueLayerAddresses } from './_truelayer-addresses.tsx';

export const metadata: Metadata = { title: 'Settings' };

type SettingsPageProps = { searchParams: Promise<{ check?: string | string[] }> };

export default async function SettingsPage({ searchParams }: SettingsPageProps) {
  const ctx = await adminContext('/admin/settings');
  const { signedInAt } = await requireUser('/admin/settings');
  const file = await getSettingsFile(ctx);
  const steps = await listGoLiveSteps(ctx);
  const { check } = await searchParams;
  return (
    <>
      <PageHeader
        title="Settings"
        lead="They hold at once, in every process, without a restart. Each change is on record with who made it and why."
      />
      <div className="space-y-10">
        <Section id="addresses" title="Addresses for TrueLayer" lead="Copy these exactly. They follow APP_URL.">
          <TrueLayerAddresses addresses={file.addresses} />
          {check === 'now' ? (
            <Suspense
              fallback={
                <Loading words="Checking…">
                  <SkeletonRows rows={5} />
                </Loading>
              }
            >
              <LiveCheck ctx={ctx} />
            </Suspense>
          ) : null}
        </Section>
        <Section
          id="go-live"
          title="Before going live"
          lead="What this deployment still needs before real users link real banks."
        >
          <GoLiveList steps={steps} />
        </Section>
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
