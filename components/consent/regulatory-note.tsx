import { TextLink } from '#components/ui/text-link';

type RegulatoryNoteProps = {
  title: string;
  /** The agreed wording, word for word. */
  paragraphs: readonly string[];
  links?: readonly { href: string; label: string }[];
};

/** Who reaches the bank, under whose authority. Quiet, but never smaller than can be read. */
export function RegulatoryNote({ title, paragraphs, links = [] }: RegulatoryNoteProps) {
  return (
    <aside aria-label={title} className="border-line border-l-2 pl-4 text-sm text-soft">
      <p className="font-semibold text-ink">{title}</p>
      {paragraphs.map((paragraph) => (
        <p key={paragraph} className="mt-1.5 max-w-prose">
          {paragraph}
        </p>
      ))}
      {links.length === 0 ? null : (
        <ul className="mt-1 flex flex-wrap gap-x-5">
          {links.map((link) => (
            <li key={link.href}>
              <TextLink href={link.href} kind="standalone">
                {link.label}
              </TextLink>
            </li>
          ))}
        </ul>
      )}
    </aside>
  );
}
