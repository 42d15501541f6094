import 'server-only';
import type { StopReason } from '#lib/connections/begin-stop';
import { env } from '#lib/env/env';
import { toFullDay, toLondonDay } from '#lib/format/day';
import { toDaysLeft } from '#lib/format/days-left';
import { toTime } from '#lib/format/instant';
import { layOut } from '#lib/mail/layout';
import type { Mail } from '#lib/mail/send-mail';
import { toCalendar } from './calendar.ts';
import type { ReminderRow } from './send-reminders.ts';
import { unsubscribeToken, unsubscribeUrl } from './unsubscribe.ts';

/** The mail of a reminder, as it is at the moment of sending. It says nothing that isn't on the page it leads to. */
export function reminderMail(row: ReminderRow, now: Date): Mail {
  const { connection } = row;
  const oneClick = unsubscribeUrl(connection.userId);
  const page = `${env().appUrl}/unsubscribe/${unsubscribeToken(connection.userId)}`;
  const words = row.kind === 'ends' ? endWords(row, now) : allClearWords(row);
  return {
    to: connection.user.email,
    subject: words.heading,
    ...layOut({
      ...words,
      footer: [
        `You get this because you share ${connection.bankName} with ${env().company.name}.`,
        `No more reminders: ${page}`,
      ],
    }),
    headers: {
      'List-Unsubscribe': `<${oneClick}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Auto-Submitted': 'auto-generated',
    },
    ...(row.kind === 'ends' && row.consentEndsAt > now ? { attachments: [calendarOf(row, now)] } : {}),
  };
}

const ENDED_BY_TEAM: StopReason = 'revoked_by_team';

function endWords({ connection, consentEndsAt }: ReminderRow, now: Date) {
  const { bankName, id } = connection;
  const company = env().company.name;
  const day = toFullDay(toLondonDay(consentEndsAt));
  const action = { label: 'Keep sharing, or stop', url: `${env().appUrl}/connections/${id}/reconfirm` };
  if (consentEndsAt <= now) {
    return {
      heading: `Sharing ${bankName} with ${company} has ended`,
      paragraphs: [
        `Your permission ran out on ${day}, so nothing new is fetched. What is there stays.`,
        'If you want to share again, it takes a few seconds. If not, there is nothing to do.',
      ],
      action: { ...action, label: 'Share again' },
    };
  }
  return {
    heading: `Sharing ${bankName} with ${company} ends ${toDaysLeft(consentEndsAt, now)}`,
    paragraphs: [
      `Your permission ends on ${day} at ${toTime(consentEndsAt)}. Say whether you want to go on; it takes a few seconds.`,
      'If you do nothing, it ends: nothing new is fetched then, and what is there stays.',
    ],
    action,
  };
}

function allClearWords({ connection }: ReminderRow) {
  const { bankName, replacedBy } = connection;
  // The same login was linked anew, and that goes on.
  const { id, endedAt, statusReason, consentExpiresAt, endPendingSince } = replacedBy ?? connection;
  const action = { label: 'See what you share', url: `${env().appUrl}/connections/${id}` };
  if (endedAt !== null && statusReason === ENDED_BY_TEAM) {
    return {
      heading: `The ${env().company.name} team has ended the sharing of ${bankName}`,
      paragraphs: [
        'You didn’t do this; we did. Nothing is fetched any more, and no more reminders come.',
        'What was fetched is kept for you, and you can erase it. If you want to share again, link the bank anew.',
      ],
      action: { ...action, label: 'See what is kept' },
    };
  }
  if (endedAt !== null) {
    return {
      heading: `You have stopped sharing ${bankName}`,
      paragraphs: ['All done: nothing is fetched any more, and no more reminders come.'],
      action,
    };
  }
  const until =
    consentExpiresAt === null || endPendingSince !== null
      ? 'The new last day appears there within a day or two.'
      : `It goes on until ${toFullDay(toLondonDay(consentExpiresAt))}.`;
  return {
    heading: `All clear: you go on sharing ${bankName}`,
    paragraphs: [`Thank you. ${until}`, 'There is nothing more to do, and we remind you before it ends.'],
    action,
  };
}

function calendarOf({ connection, consentEndsAt }: ReminderRow, now: Date) {
  const url = `${env().appUrl}/connections/${connection.id}/reconfirm`;
  return {
    filename: 'permission-ends.ics',
    contentType: 'text/calendar; charset=utf-8; method=PUBLISH',
    content: toCalendar({
      // The same for each reminder of this end, so that a calendar holds one event however many files it was given.
      uid: `${connection.id}-${consentEndsAt.getTime()}@linkwell`,
      at: consentEndsAt,
      writtenAt: now,
      title: `Sharing ${connection.bankName} with ${env().company.name} ends`,
      text: `Keep sharing, or stop: ${url}`,
      url,
    }),
  };
}
