import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Store } from '#sandbox/store/store';

export type TokenClaims = z.output<typeof Claims>;

export type Signer = {
  sign(claims: TokenClaims): Promise<string>;
  /** The claims of a token of ours, expired or not; null for anything else. */
  read(token: string): Promise<TokenClaims | null>;
};

const Claims = z.looseObject({
  iss: z.string(),
  aud: z.string(),
  sub: z.string(),
  client_id: z.string(),
  jti: z.string(),
  iat: z.number(),
  exp: z.number(),
});

const Keys = z.object({
  kid: z.string(),
  x5t: z.string(),
  publicJwk: z.record(z.string(), z.unknown()),
  privateJwk: z.record(z.string(), z.unknown()),
});
type Keys = z.output<typeof Keys>;

export async function openSigner(store: Store): Promise<Signer> {
  const keys = await loadKeys(store);
  const [publicKey, privateKey] = await Promise.all([
    importJWK(keys.publicJwk, 'RS256'),
    importJWK(keys.privateJwk, 'RS256'),
  ]);
  const seen = new Map<string, TokenClaims>();
  return {
    sign: (claims) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: keys.kid, typ: 'at+jwt', x5t: keys.x5t })
        .sign(privateKey),
    async read(token) {
      const known = seen.get(token);
      if (known !== undefined) return known;
      // Expiry follows the stand-in's own clock and is judged by the reader.
      const verified = await jwtVerify(token, publicKey, { currentDate: new Date(0), clockTolerance: 1e11 }).catch(
        () => null,
      );
      if (verified === null) return null;
      const claims = Claims.parse(verified.payload);
      if (seen.size > 2000) seen.clear();
      seen.set(token, claims);
      return claims;
    },
  };
}

let passing: Promise<Keys> | null = null;

async function loadKeys(store: Store): Promise<Keys> {
  const stored = store.settings.find('signing_keys');
  if (stored !== null) return Keys.parse(JSON.parse(stored));
  passing ??= makeKeys();
  const keys = await passing;
  store.settings.put('signing_keys', JSON.stringify(keys));
  return keys;
}

async function makeKeys(): Promise<Keys> {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const [publicJwk, privateJwk] = await Promise.all([exportJWK(pair.publicKey), exportJWK(pair.privateKey)]);
  const kid = randomBytes(20).toString('hex').toUpperCase();
  return { kid, x5t: randomBytes(20).toString('base64url'), publicJwk, privateJwk };
}
