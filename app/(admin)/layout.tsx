import { notFound } from 'next/navigation';
import { AdminShell } from '#components/shell/admin-shell';
import { findCurrentUser } from '#lib/auth/current-user';
import { SignOutForm } from '../_sign-out-form.tsx';

/**
 * Each page authorises for itself. The layout answers non-admins as well because it runs before the loading state streams:
 * only here can the response still have the status 404.
 */
export default async function AdminLayout({ children }: { children: React.ReactNode }) {
  const user = await findCurrentUser();
  if (user === null) return children;
  if (!user.isAdmin) notFound();
  return (
    <AdminShell email={user.email} signOut={<SignOutForm />}>
      {children}
    </AdminShell>
  );
}
