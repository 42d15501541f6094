import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import type { Mailbox } from './mailbox.ts';

export type MailFault = { mode: 'reject' | 'tempfail' | 'drop'; left: number | null };

export type SmtpOptions = {
  host: string;
  port: number;
  mailbox: Mailbox;
  /** The fault that the next delivery meets, counted as it is taken. */
  takeFault(): MailFault['mode'] | null;
};

export type SmtpCatcher = { port: number; close(): Promise<void> };

export async function listenForMail({ host, port, mailbox, takeFault }: SmtpOptions): Promise<SmtpCatcher> {
  const sockets = new Map<number, Socket>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    hideSTARTTLS: true,
    logger: false,
    closeTimeout: 1000,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? 'anybody' }),
    onData(stream, session, done) {
      const fault = takeFault();
      const mailFrom = session.envelope.mailFrom;
      const from = mailFrom === false ? '' : mailFrom.address;
      const to = session.envelope.rcptTo.map(({ address }) => address);
      buffer(stream)
        .then((raw) => (fault === null ? mailbox.receive(raw, { from, to }) : null))
        .then((mail) => {
          if (fault === 'drop') sockets.get(session.remotePort)?.destroy();
          else done(fault === null ? null : refusal(fault), mail?.id);
        })
        .catch(done);
    },
  });
  // A client that goes away in the middle is its own business.
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    const { remotePort = 0 } = socket;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: portOf(server.server.address()),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function refusal(mode: 'reject' | 'tempfail'): Error & { responseCode: number } {
  return mode === 'reject'
    ? Object.assign(new Error('Mailbox unavailable'), { responseCode: 550 })
    : Object.assign(new Error('Try again later'), { responseCode: 451 });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The mail catcher has no port');
  return address.port;
}
