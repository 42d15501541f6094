import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A private certificate authority for tests. Texts are PEM. */
export type Authority = {
  certificate: string;
  /** A server's certificate for one DNS name, with its key. */
  issue(hostname: string): { certificate: string; key: string };
};

// X.509 (RFC 5280) in DER, as much of it as a server's certificate needs. Node.js reads certificates and makes none.
const OID = {
  commonName: '550403',
  basicConstraints: '551d13',
  subjectAltName: '551d11',
  ecdsaWithSha256: '2a8648ce3d040302',
};
const DAY_MS = 86_400_000;

export function createAuthority(name: string): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const isAuthority = extension(OID.basicConstraints, sequence(tlv(0x01, Buffer.from([0xff]))));
  const build = (subject: string, publicKey: KeyObject, extensions: Buffer) =>
    certificate({ issuer: name, subject, publicKey, extensions, issuerKey: keys.privateKey });
  return {
    certificate: build(name, keys.publicKey, isAuthority),
    issue(hostname) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const names = extension(OID.subjectAltName, sequence(tlv(0x82, Buffer.from(hostname, 'ascii'))));
      return {
        certificate: build(hostname, publicKey, names),
        key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
}

type Content = { issuer: string; subject: string; publicKey: KeyObject; extensions: Buffer; issuerKey: KeyObject };

function certificate({ issuer, subject, publicKey, extensions, issuerKey }: Content): string {
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const serial = tlv(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(8)]));
  const validity = sequence(utcTime(Date.now() - DAY_MS), utcTime(Date.now() + DAY_MS));
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const version = tlv(0xa0, tlv(0x02, Buffer.from([2])));
  const toSign = sequence(
    version,
    serial,
    algorithm,
    nameOf(issuer),
    validity,
    nameOf(subject),
    spki,
    tlv(0xa3, sequence(extensions)),
  );
  const signature = tlv(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', toSign, issuerKey)]));
  const der = sequence(toSign, algorithm, signature);
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length =
    content.length < 0x80
      ? Buffer.from([content.length])
      : Buffer.from([0x82, content.length >> 8, content.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), length, content]);
}

const sequence = (...parts: Buffer[]) => tlv(0x30, ...parts);
const oid = (hex: string) => tlv(0x06, Buffer.from(hex, 'hex'));
const extension = (id: string, value: Buffer) => sequence(oid(id), tlv(0x04, value));
const nameOf = (text: string) => sequence(tlv(0x31, sequence(oid(OID.commonName), tlv(0x0c, Buffer.from(text)))));

function utcTime(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\D/g, '').slice(2, 14);
  return tlv(0x17, Buffer.from(`${digits}Z`, 'ascii'));
}
