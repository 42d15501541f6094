import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startMailCatcher } from './mail/start.ts';
import { startStandIn } from './start.ts';

type Server = { url: string; close(): Promise<void> };

const servers: [string, (host?: string) => Promise<Server>][] = [
  ['simulator', (host = '127.0.0.1') => startStandIn({ host, isControllable: true })],
  ['mail catcher', (host = '127.0.0.1') => startMailCatcher({ host })],
];

/** Sends the Host header as given; `fetch` sets its own. */
async function statusFor(server: Server, host: string | null, path = '/health'): Promise<number> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(socket, 'connect');
  const header = host === null ? '' : `Host: ${host}\r\n`;
  socket.write(`GET ${path} HTTP/1.${host === null ? 0 : 1}\r\n${header}Connection: close\r\n\r\n`);
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(await text(socket))?.[1]);
}

async function open(start: (host?: string) => Promise<Server>, host?: string): Promise<Server> {
  const server = await start(host);
  onTestFinished(() => server.close());
  return server;
}

test.each(servers)('the %s serves loopback names', async (_, start) => {
  const server = await open(start);
  const { port } = new URL(server.url);
  for (const host of [
    'localhost',
    `localhost:${port}`,
    `127.0.0.1:${port}`,
    '127.1.2.3',
    '[::1]:80',
    'a.localhost',
    'LOCALHOST',
  ]) {
    expect(await statusFor(server, host), host).toBe(200);
  }
});

test.each(servers)('the %s refuses every other host, on every path', async (_, start) => {
  const server = await open(start);
  const rebound = [
    'attacker.example',
    'localhost.attacker.example',
    '127.0.0.1.nip.io',
    'notlocalhost',
    '192.0.2.7',
    'a@localhost',
    '',
    '%',
  ];
  for (const host of [...rebound, null]) expect(await statusFor(server, host), String(host)).toBe(421);
  for (const path of ['/', '/control/clock', '/api/messages', '/api/providers', '/assets/mail.css']) {
    expect(await statusFor(server, 'attacker.example', path), path).toBe(421);
  }
});

test.each(servers)(
  'the %s serves its IP addresses when it listens on all of them, and still no other name',
  async (_, start) => {
    const server = await open(start, '0.0.0.0');
    expect(await statusFor(server, '192.0.2.7')).toBe(200);
    expect(await statusFor(server, 'attacker.example')).toBe(421);
  },
);

test('the simulator serves the host of its public address', async () => {
  const server = await startStandIn({ publicUrl: 'https://bank.test' });
  onTestFinished(() => server.close());
  expect(await statusFor(server, 'bank.test')).toBe(200);
  expect(await statusFor(server, 'other.test')).toBe(421);
});
