import { redirect } from 'next/navigation';
import { GuestShell } from '#components/shell/guest-shell';
import { Icon, type IconName } from '#components/ui/icon';
import { LinkButton } from '#components/ui/link-button';
import { findCurrentUser } from '#lib/auth/current-user';
import { env } from '#lib/env/env';
import { PageFooter } from './_page-footer.tsx';

const PROMISES: { icon: IconName; title: string; text: string }[] = [
  {
    icon: 'lock',
    title: 'You log in at your bank',
    text: 'Your password and PIN go to your bank and to nobody else. We never see them.',
  },
  {
    icon: 'eye',
    title: 'We can look, and only look',
    text: 'Nobody can pay, move or change anything through this. You choose what may be seen.',
  },
  {
    icon: 'clock',
    title: 'It ends by itself',
    text: 'After 90 days at most, unless you say that it should go on. You can stop it in seconds.',
  },
];

export default async function FrontPage() {
  if ((await findCurrentUser()) !== null) redirect('/accounts');
  return (
    <GuestShell
      width="page"
      actions={
        <LinkButton href="/sign-in" variant="quiet">
          Sign in
        </LinkButton>
      }
      footer={<PageFooter />}
    >
      <div className="max-w-prose">
        <h1 className="font-semibold text-figure tracking-[-0.03em]">
          All your accounts in one place. You stay in charge.
        </h1>
        <p className="mt-5 text-lg text-soft">
          Link your banks to {env().company.name}, see balances and spending together, and always know what you share,
          with whom, and until when.
        </p>
        <div className="mt-8">
          <LinkButton href="/connect">Link a bank</LinkButton>
        </div>
      </div>
      <ul className="mt-16 grid gap-8 sm:grid-cols-3">
        {PROMISES.map((promise) => (
          <li key={promise.title}>
            <span className="mb-3 inline-grid size-11 place-items-center rounded-full bg-tint text-brand">
              <Icon name={promise.icon} />
            </span>
            <h2 className="font-semibold">{promise.title}</h2>
            <p className="mt-1 text-soft">{promise.text}</p>
          </li>
        ))}
      </ul>
    </GuestShell>
  );
}
