import { DateText } from '#components/ui/date-text';
import { Notice, type NoticeTone } from '#components/ui/notice';

type FaultNoticeProps = {
  words: { tone: NoticeTone; title: string; text: string; action: { href: string; label: string } | null };
  /** Since when, and when it is tried again by itself. */
  since: Date;
  nextTryAt: Date | null;
  now: Date;
  reference: string;
  /** What is affected: kinds of data, names of accounts. */
  affected?: readonly { label: string; names: string }[];
};

/** Why data did not come, what to do, and what to quote to support. */
export function FaultNotice({ words, since, nextTryAt, now, reference, affected = [] }: FaultNoticeProps) {
  return (
    <Notice tone={words.tone} title={words.title} next={words.action ?? undefined} reference={reference}>
      <p>{words.text}</p>
      <NextTry at={nextTryAt} now={now} />
      {affected.map(({ label, names }) => (
        <p key={label} className="mt-1">
          {label}: {names}
        </p>
      ))}
      <p className="mt-1 text-soft text-sm">
        First failed: <DateText at={since} now={now} />
      </p>
    </Notice>
  );
}

function NextTry({ at, now }: { at: Date | null; now: Date }) {
  if (at === null) return null;
  if (at <= now) return <p className="mt-1">We will try again in the next few minutes.</p>;
  return (
    <p className="mt-1">
      We will try again: <DateText at={at} now={now} />
    </p>
  );
}
