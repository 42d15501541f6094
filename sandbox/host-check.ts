import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';

type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/**
 * Answers 421 to requests for a host that is not this server, before `listener` sees them. Against DNS rebinding: a public site
 * can point a name of its own at 127.0.0.1, and its pages could then read what is served here. `listenAddress` and `publicUrl`
 * are names of this server beside those of loopback; a server that listens on every address has every IP address.
 */
export function withHostCheck(listener: Listener, own: { listenAddress: string; publicUrl?: string | null }): Listener {
  const names = [own.listenAddress, own.publicUrl ? new URL(own.publicUrl).hostname : own.listenAddress].map(
    unbracketed,
  );
  const hasEveryAddress = names.some((name) => name === '0.0.0.0' || name === '::');
  return (incoming, outgoing) => {
    const name = nameIn(incoming.headers.host);
    const isOwn = name !== null && (isLoopback(name) || names.includes(name) || (hasEveryAddress && isIP(name) !== 0));
    if (isOwn) return listener(incoming, outgoing);
    outgoing.writeHead(421, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
    outgoing.end('This server does not serve the host that was asked for. Use localhost or its own address.\n');
  };
}

function nameIn(host: string | undefined): string | null {
  const url = host === undefined || /[/@\\?#]/.test(host) ? null : URL.parse(`http://${host}`);
  return url === null ? null : unbracketed(url.hostname);
}

function unbracketed(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

/** RFC 6761 reserves `localhost` and everything under it for loopback. */
function isLoopback(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}
