import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export type MailServer = {
  url: string;
  mails: ParsedMail[];
  onMail: (answer: () => void) => void;
  close(): Promise<void>;
};

/** A mail server of a test's own. It answers each mail when `onMail` lets it. */
export async function startMailServer(): Promise<MailServer> {
  const held: MailServer = { url: '', mails: [], onMail: (answer) => answer(), close: async () => undefined };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _, callback) {
      void simpleParser(stream).then((mail) => {
        held.mails.push(mail);
        held.onMail(() => callback());
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  held.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  held.close = () => new Promise((resolve) => server.close(() => resolve()));
  return held;
}
