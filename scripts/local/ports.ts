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

/**
 * The port to use for `name`. One that was asked for by name must be free; a default gives way to the next free one, so
 * that two checkouts run side by side.
 */
export async function choosePort(
  name: string,
  wanted: { asked: number | undefined; preferred: number },
): Promise<number> {
  if (wanted.asked !== undefined) {
    if (await isFree(wanted.asked)) return wanted.asked;
    throw new StartProblem(
      `Port ${wanted.asked}, asked for ${name}, is in use by another program. Stop that program, or choose another port.`,
    );
  }
  for (let port = wanted.preferred; port < wanted.preferred + 50; port++) {
    if (!(await isFree(port))) continue;
    if (port !== wanted.preferred) say(`  Port ${wanted.preferred} is taken; ${name} uses ${port} instead.`);
    return port;
  }
  return freePort();
}

async function isFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '0.0.0.0', '::']) {
    if (!(await canListen(port, host))) return false;
  }
  return true;
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
