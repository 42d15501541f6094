import { AppShell } from '#components/shell/app-shell';
import { findCurrentUser } from '#lib/auth/current-user';
import { PageFooter } from '../_page-footer.tsx';
import { SignOutForm } from '../_sign-out-form.tsx';
import { DueBanner } from './_due-banner.tsx';

/** Draws, and guards nothing: each page asks for itself who is there. */
export default async function AccountLayout({ children }: { children: React.ReactNode }) {
  const user = await findCurrentUser();
  if (user === null) return children;
  const DemoClock = HAS_DEMO ? (await import('../_demo/demo-clock.tsx')).DemoClock : null;
  return (
    <AppShell
      person={user}
      demoBar={DemoClock === null ? null : <DemoClock />}
      signOut={<SignOutForm />}
      footer={<PageFooter />}
      banner={<DueBanner />}
    >
      {children}
    </AppShell>
  );
}
