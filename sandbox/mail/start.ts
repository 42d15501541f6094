import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { withHostCheck } from '#sandbox/host-check';
import type { MailConfig } from './config.ts';
import { openMailbox } from './mailbox.ts';
import { mailRoutes } from './routes.ts';
import { listenForMail, type MailFault } from './smtp.ts';

export type MailCatcher = {
  /** For SMTP_URL. */
  smtpUrl: string;
  url: string;
  close(): Promise<void>;
};

/** Starts the catcher within this process, on free ports unless others are named. */
export async function startMailCatcher(options: Partial<MailConfig> = {}): Promise<MailCatcher> {
  const { host = '127.0.0.1', smtpPort = 0, httpPort = 0 } = options;
  const mailbox = openMailbox();
  let fault: MailFault | null = null;
  const takeFault = () => {
    if (fault === null) return null;
    const { mode, left } = fault;
    if (left !== null) fault = left > 1 ? { mode, left: left - 1 } : null;
    return mode;
  };
  const app = mailRoutes(mailbox, (next) => {
    fault = next;
  });
  const smtp = await listenForMail({ host, port: smtpPort, mailbox, takeFault });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = createServer(
    withHostCheck((incoming, outgoing) => void listener(incoming, outgoing), { listenAddress: host }),
  );
  const port = await listen(server, host, httpPort);
  return {
    smtpUrl: `smtp://${host}:${smtp.port}`,
    url: `http://${host}:${port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await Promise.all([closed, smtp.close()]);
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('The mail catcher has no port'));
      resolve(address.port);
    });
  });
}
