import net from 'node:net';
import { expect, test } from 'vitest';
import { freePort, reserveAnyPort, reservePort } from './ports.ts';

const listen = (port: number, host: string) =>
  new Promise<net.Server | string>((resolve) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    server.listen({ port, host }, () => resolve(server));
  });

test('a reserved port is nobody else’s until it is released, and then the program’s that needs it', async () => {
  const reservation = await reserveAnyPort();
  expect(await listen(reservation.port, '127.0.0.1')).toBe('EADDRINUSE');
  await reservation.release();
  const server = await listen(reservation.port, '127.0.0.1');
  expect(server).toBeInstanceOf(net.Server);
  if (server instanceof net.Server) server.close();
});

test('several starts at once reserve different ports', async () => {
  const preferred = await freePort();
  const reservations = await Promise.all(Array.from({ length: 5 }, () => reservePort('the app', { preferred })));
  expect(new Set(reservations.map(({ port }) => port)).size).toBe(5);
  await Promise.all(reservations.map((each) => each.release()));
});

test('a port that was requested explicitly and is in use is refused with its number', async () => {
  const { port, release } = await reserveAnyPort();
  await expect(reservePort('the app', { asked: port, preferred: 3000 })).rejects.toThrow(`Port ${port}`);
  await release();
  const granted = await reservePort('the app', { asked: port, preferred: 3000 });
  expect(granted.port).toBe(port);
  await granted.release();
});
