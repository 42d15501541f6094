import { GuestShell } from '#components/shell/guest-shell';
import { PageFooter } from '../_page-footer.tsx';

export default function GuestLayout({ children }: { children: React.ReactNode }) {
  return <GuestShell footer={<PageFooter />}>{children}</GuestShell>;
}
