import 'server-only';
import { z } from 'zod';
import { env } from '#lib/env/env';
import { bad, type Finding, good, reasonOf, warning } from './finding.ts';

const TIMEOUT_MS = 10_000;

/** The part of OpenID Connect Discovery 1.0, section 3, that a sign-in depends on. */
const Discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().optional().catch(undefined),
  claims_supported: z.array(z.string()).optional().catch(undefined),
});

/** Whether the OpenID Connect provider can be reached, is the one named, and says whether it has verified its addresses. */
export async function examineOpenId(): Promise<Finding[]> {
  const { openIdConnect, appUrl } = env();
  if (openIdConnect === null) return [];
  const { issuer, name, trustsEmails } = openIdConnect;
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  let document: unknown;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) return [bad('sign-in', `${url} answers with ${response.status}: is OIDC_ISSUER right?`)];
    document = await response.json();
  } catch (error) {
    return [bad('sign-in', `${url} (OIDC_ISSUER) can't be reached from here: ${reasonOf(error)}.`)];
  }
  const parsed = Discovery.safeParse(document);
  if (!parsed.success) {
    const missing = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))].join(', ');
    return [bad('sign-in', `${url} lacks ${missing}: is OIDC_ISSUER an OpenID Connect provider?`)];
  }
  if (parsed.data.issuer !== issuer) {
    return [bad('sign-in', `OIDC_ISSUER should be ${parsed.data.issuer}, character for character: ${url} says so.`)];
  }
  const redirect = `Its redirect URI is ${appUrl}/api/auth/callback/oidc.`;
  return [good('sign-in', `${name} answers. ${redirect}`), ...examineClaims(parsed.data, trustsEmails)];
}

function examineClaims({ claims_supported: claims }: z.infer<typeof Discovery>, trustsEmails: boolean): Finding[] {
  if (trustsEmails) {
    const who = 'whoever can set an address at the provider can sign in as the user who has it here';
    return [warning('sign-in', `OIDC_TRUST_EMAILS is true: ${who}. Only your own administrators should be able to.`)];
  }
  if (claims === undefined) return [];
  const missing = ['email', 'email_verified'].filter((claim) => !claims.includes(claim));
  if (missing.length === 0) return [good('sign-in', 'The provider sends email and email_verified.')];
  const remedy = missing.includes('email')
    ? 'let it send them to this application'
    : 'let it send the claim, or set OIDC_TRUST_EMAILS=true if only your own administrators set its addresses';
  return [
    warning(
      'sign-in',
      `The provider does not name ${missing.join(' and ')} among its claims. Sign-ins without them are refused: ${remedy}.`,
    ),
  ];
}
