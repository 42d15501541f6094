import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type OpenIdProvider = {
  issuer: string;
  /** What the next sign-in says of the user, in the ID token and from the UserInfo endpoint. */
  says: { idToken: object; userInfo: object };
  /** Requests to the UserInfo endpoint. */
  userInfoRequests: number;
  /** The nonce of the request that is being answered. */
  nonce: string;
  close(): void;
};

/** An OpenID Connect provider of a test's own, over HTTP: discovery, keys, token and UserInfo endpoints. Any code is taken. */
export async function startOpenIdProvider(clientId: string): Promise<OpenIdProvider> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const answers: Record<string, () => object> = {
    '/.well-known/openid-configuration': () => ({
      issuer: provider.issuer,
      authorization_endpoint: `${provider.issuer}/authorize`,
      token_endpoint: `${provider.issuer}/token`,
      userinfo_endpoint: `${provider.issuer}/userinfo`,
      jwks_uri: `${provider.issuer}/keys`,
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    '/keys': () => ({ keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'one' }] }),
    '/token': () => {
      const now = Math.floor(Date.now() / 1000);
      const basics = { iss: provider.issuer, aud: clientId, iat: now, exp: now + 300, auth_time: now };
      const claims = { ...basics, nonce: provider.nonce, ...provider.says.idToken };
      return { access_token: 'access', token_type: 'Bearer', expires_in: 300, id_token: sign(claims) };
    },
    '/userinfo': () => {
      provider.userInfoRequests += 1;
      return provider.says.userInfo;
    },
  };
  const sign = (claims: object) => {
    const text = [{ alg: 'RS256', kid: 'one', typ: 'JWT' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
  };
  const server = createServer((request, response) => {
    const answer = answers[request.url?.split('?')[0] ?? ''];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer?.() ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider: OpenIdProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    says: { idToken: {}, userInfo: {} },
    userInfoRequests: 0,
    nonce: '',
    close: () => server.close(),
  };
  return provider;
}
