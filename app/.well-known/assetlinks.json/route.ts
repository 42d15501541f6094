import { env } from '#lib/env/env';

/** The Android app that may open our addresses, known by the certificates it is signed with. */
export function GET(): Response {
  const { androidPackage, androidCertificates } = env().mobile;
  const target = {
    namespace: 'android_app',
    package_name: androidPackage,
    sha256_cert_fingerprints: androidCertificates.map((print) => print.toUpperCase()),
  };
  const links = androidPackage === null ? [] : [{ relation: ['delegate_permission/common.handle_all_urls'], target }];
  return Response.json(links, { headers: { 'Cache-Control': 'public, max-age=3600' } });
}
