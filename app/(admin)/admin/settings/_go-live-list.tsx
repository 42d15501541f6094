import { Panel } from '#components/ui/panel';
import { StatusBadge } from '#components/ui/status-badge';
import type { GoLiveCode, GoLiveStep } from '#lib/admin/settings/list-go-live-steps';

export function GoLiveList({ steps }: { steps: readonly GoLiveStep[] }) {
  const open = steps.filter(({ isDone }) => !isDone).length;
  return (
    <Panel>
      <p className="mb-3 font-semibold">
        {open === 0 ? 'Everything on this list is done.' : `${steps.length - open} of ${steps.length} done.`}
      </p>
      <ul className="divide-y divide-line">
        {steps.map(({ code, isDone }) => (
          <li key={code} className="flex flex-col gap-2 py-3 sm:flex-row sm:gap-4">
            <span className="shrink-0 sm:w-32">
              <StatusBadge tone={isDone ? 'good' : 'caution'} words={isDone ? 'Done' : 'To do'} />
            </span>
            <span className="min-w-0">
              <span className="font-medium">{COPY[code].title}</span>
              {isDone ? null : <span className="mt-0.5 block text-soft text-sm">{COPY[code].todo}</span>}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const COPY: Readonly<Record<GoLiveCode, { title: string; todo: string }>> = {
  live_environment: { title: 'TrueLayer’s live environment', todo: 'Set TRUELAYER_ENV=live.' },
  https_address: { title: 'A public https address', todo: 'Set APP_URL to the https:// address that users open.' },
  live_client: {
    title: 'A live TrueLayer client',
    todo: 'Enter the client id and secret of TrueLayer’s live environment below.',
  },
  consent_screens: {
    title: 'Consent screens that TrueLayer approved',
    todo: 'Ask TrueLayer to review your consent screens, then set TRUELAYER_CONSENT_APPROVED=true. Or use TrueLayer’s dialog.',
  },
  mail_server: {
    title: 'A mail server with TLS and a sender address',
    todo: 'Set SMTP_URL to your mail server and MAIL_FROM to an address of yours. Outside local, mail is sent over TLS only.',
  },
  own_admins: { title: 'Admins of your own', todo: 'Set ADMIN_EMAILS to the addresses of your admins.' },
  admin_passkeys: {
    title: 'A passkey for every admin',
    todo: 'Each admin adds one under Account, Security. Outside local, admin pages open only with a passkey.',
  },
  database_role: {
    title: 'A database role with only the rights it needs',
    todo: 'Let DATABASE_URL name a runtime role and DATABASE_OWNER_URL the one that migrates. npm run doctor says what is too much.',
  },
  trusted_proxy: {
    title: 'The proxy that terminates TLS',
    todo: 'Set TRUSTED_PROXIES to its address. Otherwise we see every user at one address, and banks count calls as unattended.',
  },
  company_details: {
    title: 'Your company’s details',
    todo: 'Set COMPANY_PRIVACY_URL, and COMPANY_FIRM_REFERENCE if you are regulated yourself.',
  },
  metrics_token: { title: 'Monitoring', todo: 'Set METRICS_TOKEN and let Prometheus read /api/metrics.' },
};
