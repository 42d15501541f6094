import net from 'node:net';
import { StartProblem, say } from './say.ts';

/** A port that nobody listens on right now, on the loopback address. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was assigned');
  return address.port;
}

/** A port that this process listens on, so that no other start takes it, until the program that needs it is started. */
export type Reservation = { port: number; release(): Promise<void> };

/**
 * Reserves the port for `name`. One that was requested explicitly must be free; for a default the next free one is taken, so
 * that several checkouts can run at once.
 * @throws {StartProblem} when the requested port is in use.
 */
export async function reservePort(
  name: string,
  wanted: { asked?: number | undefined; preferred: number },
): Promise<Reservation> {
  if (wanted.asked !== undefined) {
    const reservation = await tryReserve(wanted.asked);
    if (reservation !== null) return reservation;
    throw new StartProblem(
      `Port ${wanted.asked}, asked for ${name}, is in use by another program. Stop that program, or choose another port.`,
    );
  }
  for (let port = wanted.preferred; port < wanted.preferred + 50; port++) {
    const reservation = await tryReserve(port);
    if (reservation === null) continue;
    if (port !== wanted.preferred) say(`  Port ${wanted.preferred} is taken; ${name} uses ${port} instead.`);
    return reservation;
  }
  return reserveAnyPort();
}

/** Reserves a port that the system chooses. */
export async function reserveAnyPort(): Promise<Reservation> {
  const reservation = await tryReserve(0);
  if (reservation === null) throw new StartProblem('This machine has no free port on the loopback address.');
  return reservation;
}

/** Null when somebody listens on the port, on the loopback address or on all addresses. */
async function tryReserve(port: number): Promise<Reservation | null> {
  if (port !== 0 && !((await canListen(port, '0.0.0.0')) && (await canListen(port, '::')))) return null;
  return new Promise((resolve) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      // A start that is interrupted must not be kept alive by its reservations.
      server.unref();
      const address = server.address();
      const reserved = address !== null && typeof address !== 'string' ? address.port : port;
      resolve({ port: reserved, release: () => new Promise((released) => void server.close(() => released())) });
    });
  });
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'EADDRINUSE' && error.code !== 'EACCES'),
    );
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
