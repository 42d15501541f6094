import { randomUUID } from 'node:crypto';
import { type AddressObject, simpleParser } from 'mailparser';

export type CaughtMail = {
  id: string;
  receivedAt: string;
  from: string;
  /** Everybody it was delivered to, whatever its headers say. */
  to: string[];
  subject: string;
  date: string | null;
  text: string;
  html: string | null;
  headers: Record<string, string>;
  attachments: { filename: string; contentType: string; content: Buffer }[];
};

export type Mailbox = {
  receive(raw: Buffer, envelope: { from: string; to: string[] }): Promise<CaughtMail>;
  /** Newest first. */
  list(to?: string): CaughtMail[];
  find(id: string): CaughtMail | null;
  clear(): void;
};

const KEPT = 500;

export function openMailbox(): Mailbox {
  let mails: CaughtMail[] = [];
  return {
    async receive(raw, envelope) {
      const mail = await readMail(raw, envelope);
      mails = [mail, ...mails].slice(0, KEPT);
      return mail;
    },
    list: (to) => (to === undefined ? mails : mails.filter((mail) => mail.to.some((each) => isSameAddress(each, to)))),
    find: (id) => mails.find((mail) => mail.id === id) ?? null,
    clear() {
      mails = [];
    },
  };
}

const isSameAddress = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

async function readMail(raw: Buffer, envelope: { from: string; to: string[] }): Promise<CaughtMail> {
  const parsed = await simpleParser(raw, { skipImageLinks: true });
  return {
    id: randomUUID(),
    receivedAt: new Date().toISOString(),
    from: parsed.from?.text ?? envelope.from,
    to: [...new Set([...envelope.to, ...addressesOf(parsed.to)])],
    subject: parsed.subject ?? '',
    date: parsed.date?.toISOString() ?? null,
    text: parsed.text ?? '',
    html: typeof parsed.html === 'string' ? parsed.html : null,
    headers: Object.fromEntries(
      parsed.headerLines.map(({ key, line }) => [key, line.slice(line.indexOf(':') + 1).trim()]),
    ),
    attachments: parsed.attachments.map(({ filename, contentType, content }, index) => ({
      filename: filename ?? `attachment-${index + 1}`,
      contentType,
      content,
    })),
  };
}

function addressesOf(to: AddressObject | AddressObject[] | undefined): string[] {
  return [to ?? []].flat().flatMap(({ value }) => value.flatMap(({ address }) => address ?? []));
}
