import { AdminShell } from '#components/shell/admin-shell';
import { findCurrentUser } from '#lib/auth/current-user';
import { SignOutForm } from '../_sign-out-form.tsx';

/** Draws, and guards nothing: each page asks for itself who is there. */
export default async function AdminLayout({ children }: { children: React.ReactNode }) {
  const user = await findCurrentUser();
  if (user === null) return children;
  return (
    <AdminShell email={user.email} signOut={<SignOutForm />}>
      {children}
    </AdminShell>
  );
}
