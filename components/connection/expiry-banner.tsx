import { Icon } from '#components/ui/icon';
import { LinkButton } from '#components/ui/link-button';
import { type EndingConsent, type ExpiryWords, toExpiryWords } from './expiry-words.ts';

type ExpiryBannerProps = {
  consents: readonly EndingConsent[];
  now: Date;
  /** The exact screen on which it is handled. */
  href: string;
};

/** On every page while a consent ends soon. Its words grow more urgent; its colour only follows. */
export function ExpiryBanner({ consents, now, href }: ExpiryBannerProps) {
  const words = toExpiryWords(consents, now);
  if (words === null) return null;
  return (
    <section aria-label="Sharing that ends soon" className={`border-b ${LOOKS[words.urgency]}`}>
      <div className="mx-auto flex max-w-page flex-wrap items-center gap-x-5 gap-y-3 px-4 py-3.5 sm:flex-nowrap sm:px-6">
        <span className="max-sm:hidden">
          <Icon name="clock" size="lg" />
        </span>
        <div className="min-w-0 flex-1 basis-64 text-ink">
          <p className="font-semibold">{words.title}</p>
          <p className="text-sm">{words.detail}</p>
        </div>
        <LinkButton href={href} size="sm" variant={words.urgency === 'fortnight' ? 'secondary' : 'primary'}>
          {words.action}
        </LinkButton>
      </div>
    </section>
  );
}

const LOOKS: Record<ExpiryWords['urgency'], string> = {
  fortnight: 'border-line bg-tint text-brand',
  week: 'border-caution/30 bg-caution-soft text-caution',
  days: 'border-caution/40 bg-caution-soft text-caution',
  tomorrow: 'border-danger/40 bg-danger-soft text-danger',
  today: 'border-danger/50 bg-danger-soft text-danger',
  ended: 'border-line bg-sunken text-soft',
};
