import 'server-only';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { NotFoundError } from '#lib/errors/app-error';
import { isUuid } from './internal.ts';
import type { ReceiptKind } from './keep-receipt.ts';
import { toReceiptKind } from './list-receipts.ts';
import { permissionName } from './wording/groups.ts';

/** A text of what was shown: a heading, and its sentences. */
export type ReceiptPart = { title: string; lines: string[] };

export type ConsentReceipt = {
  id: string;
  connectionId: string | null;
  kind: ReceiptKind;
  agreedAt: Date;
  person: string;
  bankId: string | null;
  bankName: string | null;
  wordingVersion: string;
  purpose: string;
  permissions: string[];
  declined: string[];
  /** Agreed to, and not asked for in the end: TrueLayer refused the permission. */
  refused: string[];
  heading: string;
  parts: ReceiptPart[];
  /** The page as it was kept, for whoever wants to compare. */
  wording: Prisma.JsonValue;
};

/**
 * Exactly what the person was shown and said yes to, with when and for what.
 * @throws {NotFoundError} no such receipt, or not this person's
 */
export async function getReceipt(ctx: Context, receiptId: string): Promise<ConsentReceipt> {
  const person = requirePerson(ctx.actor);
  const row = isUuid(receiptId)
    ? await ctx.db.consentReceipt.findFirst({ where: { id: receiptId, userId: person.userId }, select: RECEIPT })
    : null;
  if (row === null) throw new NotFoundError('receipt');
  return toReceipt(row);
}

export const RECEIPT = {
  id: true,
  connectionId: true,
  kind: true,
  agreedAt: true,
  bankId: true,
  bankName: true,
  wordingVersion: true,
  wording: true,
  purposeText: true,
  permissions: true,
  declined: true,
  attempt: { select: { refusedPermissions: true } },
  user: { select: { email: true } },
} satisfies Prisma.ConsentReceiptSelect;

type Row = Prisma.ConsentReceiptGetPayload<{ select: typeof RECEIPT }>;

export function toReceipt(row: Row): ConsentReceipt {
  const wording = Kept.parse(row.wording);
  const refused = row.attempt?.refusedPermissions ?? [];
  return {
    id: row.id,
    connectionId: row.connectionId,
    kind: toReceiptKind(row.kind),
    agreedAt: row.agreedAt,
    person: row.user.email,
    bankId: row.bankId,
    bankName: row.bankName,
    wordingVersion: row.wordingVersion,
    purpose: row.purposeText,
    permissions: row.permissions,
    declined: row.declined,
    refused,
    heading: wording.heading,
    parts: [...partsOf(wording, row.declined), ...refusedParts(refused)],
    wording: row.wording,
  };
}

const text = z.string().catch('');
const list = z.array(z.string()).catch([]);

/** Wordings change over the years; whatever a kept one has of these is drawn, and all of it is in the JSON. */
const Kept = z.object({
  heading: text,
  lead: text,
  changes: z.array(z.object({ title: text, lines: list })).catch([]),
  groups: z.array(z.object({ id: text, title: text, lines: list, purpose: text })).catch([]),
  cannot: list,
  sharing: text,
  history: text,
  duration: text,
  stopping: text,
  consequences: list,
  regulatory: list,
  links: z.array(z.object({ label: text, url: text })).catch([]),
  next: text,
});

/** What was shown stays as it was; what was not asked for afterwards is said beside it. */
function refusedParts(refused: readonly string[]): ReceiptPart[] {
  if (refused.length === 0) return [];
  const lines = refused.map((permission) => `${permissionName(permission)}: TrueLayer did not accept this permission.`);
  return [{ title: 'Not asked for', lines }];
}

function partsOf(kept: z.output<typeof Kept>, declined: readonly string[]): ReceiptPart[] {
  const parts: ReceiptPart[] = [
    { title: '', lines: [kept.lead] },
    ...kept.changes,
    ...kept.groups.map((group) => ({
      title: declined.includes(group.id) ? `${group.title} (left out)` : group.title,
      lines: [...group.lines, group.purpose],
    })),
    { title: 'What this means', lines: kept.consequences },
    { title: 'What nobody can do or see', lines: kept.cannot },
    { title: 'For how long', lines: [kept.duration] },
    { title: 'How far back', lines: [kept.history] },
    { title: 'Who sees it', lines: [kept.sharing] },
    { title: 'How to stop', lines: [kept.stopping] },
    { title: 'What happens next', lines: [kept.next] },
    {
      title: 'Who reads your accounts',
      lines: [...kept.regulatory, ...kept.links.map(({ label, url }) => `${label}: ${url}`)],
    },
  ];
  return parts
    .map((part) => ({ ...part, lines: part.lines.filter((line) => line !== '') }))
    .filter((part) => part.lines.length > 0);
}
