import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { env } from '#lib/env/env';

/** What a test makes differently from an honest browser and authenticator. */
export type Deviation = {
  origin?: string;
  rpId?: string;
  challenge?: string;
  type?: string;
  isUserVerified?: boolean;
  counter?: number;
  /** Signs with another key than the one that was registered. */
  hasForeignKey?: boolean;
};

const FLAGS = { userPresent: 0x01, userVerified: 0x04, hasCredential: 0x40 };

/** An authenticator with one P-256 credential, and the browser before it. Its counter rises by 1 with each use. */
export function createAuthenticator(counterStep = 1) {
  const credentialId = randomBytes(32);
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let counter = 0;

  const authenticatorData = ({ rpId, isUserVerified = true, counter: sent }: Deviation, own: string, tail?: Buffer) => {
    counter += counterStep;
    const flags =
      FLAGS.userPresent | (isUserVerified ? FLAGS.userVerified : 0) | (tail === undefined ? 0 : FLAGS.hasCredential);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(sent ?? counter);
    return Buffer.concat([sha256(Buffer.from(rpId ?? own)), Buffer.from([flags]), count, tail ?? Buffer.alloc(0)]);
  };
  const id = credentialId.toString('base64url');

  return {
    id,
    create(options: PublicKeyCredentialCreationOptionsJSON, deviation: Deviation = {}): RegistrationResponseJSON {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(credentialId.length);
      const credential = Buffer.concat([Buffer.alloc(16), length, credentialId, coseKeyOf(pair.publicKey)]);
      const data = authenticatorData(deviation, options.rp.id ?? '', credential);
      const attestation = Buffer.concat([
        Buffer.from([0xa3]),
        cborText('fmt'),
        cborText('none'),
        cborText('attStmt'),
        Buffer.from([0xa0]),
        cborText('authData'),
        cborBytes(data),
      ]);
      return {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData('webauthn.create', options.challenge, deviation).toString('base64url'),
          attestationObject: attestation.toString('base64url'),
          transports: ['internal'],
        },
      };
    },
    get(options: PublicKeyCredentialRequestOptionsJSON, deviation: Deviation = {}): AuthenticationResponseJSON {
      const data = authenticatorData(deviation, options.rpId ?? '');
      const client = clientData('webauthn.get', options.challenge, deviation);
      const key = deviation.hasForeignKey
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
        : pair.privateKey;
      return {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: sign('sha256', Buffer.concat([data, sha256(client)]), key).toString('base64url'),
        },
      };
    },
  };
}

function clientData(type: string, challenge: string, deviation: Deviation): Buffer {
  const origin = deviation.origin ?? new URL(env().appUrl).origin;
  return Buffer.from(
    JSON.stringify({ type: deviation.type ?? type, challenge: deviation.challenge ?? challenge, origin }),
  );
}

/** RFC 9053: an EC2 key (1: 2) for ES256 (3: -7) on P-256 (-1: 1), with its coordinates (-2, -3). */
function coseKeyOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    cborBytes(Buffer.from(x, 'base64url')),
    Buffer.from([0x22]),
    cborBytes(Buffer.from(y, 'base64url')),
  ]);
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)]);
}

function cborBytes(bytes: Buffer): Buffer {
  const head = bytes.length < 256 ? [0x58, bytes.length] : [0x59, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from(head), bytes]);
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
