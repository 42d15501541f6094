import type { TimelineEntry } from '#components/ui/timeline';
import type { ConnectionEvent } from '#lib/admin/connection/list-events';
import { toCount } from '#lib/format/count';
import { actionWords } from './actions.ts';
import { errorWords } from './error-codes.ts';

/** Something that happened to a connection, for the timeline. */
export function toTimelineEntry(event: ConnectionEvent): TimelineEntry {
  const { title, detail, tone } = wordsOf(event);
  return {
    id: `${event.kind}:${event.id}`,
    at: event.at,
    title,
    ...(detail === null ? {} : { detail }),
    ...(tone === undefined ? {} : { tone }),
    actor: actorOf(event),
  };
}

type Words = { title: string; detail: string | null; tone?: TimelineEntry['tone'] };

function wordsOf(event: ConnectionEvent): Words {
  switch (event.kind) {
    case 'attempt_begun':
      return {
        title: `Trip to the bank begun: ${PURPOSES[event.what] ?? event.what}`,
        detail: `${FLOWS[event.outcome ?? ''] ?? event.outcome}, ${event.detail}`,
      };
    case 'attempt_ended':
      return {
        title: `Trip to the bank ended: ${ENDINGS[event.outcome ?? ''] ?? event.outcome}`,
        detail: join(event.code, event.detail),
        tone: event.outcome === 'linked' ? 'good' : 'caution',
      };
    case 'call':
      return {
        title: `Call to TrueLayer: ${event.what.replaceAll('_', ' ')}`,
        detail: join(
          event.outcome === null ? 'no answer' : `HTTP ${event.outcome}`,
          event.code === null ? null : `${errorWords(event.code)} (${event.code})`,
          event.detail,
        ),
        ...(event.code === null ? {} : { tone: 'caution' as const }),
      };
    case 'run':
      return {
        title: `Refresh, ${TRIGGERS[event.what] ?? event.what}: ${RUNS[event.outcome ?? ''] ?? event.outcome}`,
        detail: join(
          event.code === null ? null : errorWords(event.code),
          toCount(Number(event.detail ?? 0), 'row stored', 'rows stored'),
        ),
        tone: event.outcome === 'complete' ? 'good' : event.outcome === 'failed' ? 'danger' : 'note',
      };
    case 'webhook':
      return { title: `Webhook: ${event.what.replaceAll('_', ' ')} ready`, detail: join(event.outcome, event.detail) };
    case 'mail':
      return {
        title: `Mail: ${event.what.replaceAll('_', ' ')}`,
        detail: join(event.outcome, event.code, event.detail === null ? null : `${event.detail} days before the end`),
        ...(event.outcome === 'failed' ? { tone: 'danger' as const } : {}),
      };
    case 'audit':
      return {
        title: event.outcome === null ? actionWords(event.what) : `State: ${event.outcome.replaceAll('_', ' ')}`,
        detail: event.detail,
        tone: 'note',
      };
  }
}

function actorOf({ actorKind, actor }: ConnectionEvent): string | undefined {
  if (actorKind === null || actorKind === 'nobody') return undefined;
  if (actorKind === 'system') return actor === null ? undefined : `a job (${actor})`;
  if (actorKind === 'admin') return `${actor ?? 'somebody who has left'}, of the team`;
  if (actorKind === 'webhook') return `a webhook (${actor})`;
  return actor === null ? 'the person, who was there' : 'the person';
}

function join(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(' · ');
}

const PURPOSES: Readonly<Record<string, string>> = {
  connect: 'to link',
  reauthenticate: 'to log in again',
  extend: 'to reconfirm',
  change: 'to change what is shared',
};
const FLOWS: Readonly<Record<string, string>> = {
  dialog: 'through TrueLayer’s dialog',
  bank_selection: 'bank chosen here',
  direct: 'straight to the bank',
};
const ENDINGS: Readonly<Record<string, string>> = {
  linked: 'linked',
  cancelled: 'cancelled',
  failed: 'failed',
  expired: 'never came back',
};
const TRIGGERS: Readonly<Record<string, string>> = {
  first: 'the first',
  scheduled: 'as planned',
  person: 'by the person',
  admin: 'by the team',
};
const RUNS: Readonly<Record<string, string>> = {
  running: 'under way',
  complete: 'complete',
  partial: 'not everything came',
  failed: 'nothing came',
};
