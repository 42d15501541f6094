import { toBundleText } from '#lib/admin/connection/bundle';
import { makeSupportBundle } from '#lib/admin/connection/make-bundle';
import { adminDownload } from '../../../../_download.ts';

/** What TrueLayer's support asks for, as text or as JSON. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ connectionId: string }> },
): Promise<Response> {
  const { connectionId } = await params;
  const isJson = new URL(request.url).searchParams.get('format') === 'json';
  return adminDownload(`/admin/connections/${encodeURIComponent(connectionId)}`, async (ctx) => {
    const bundle = await makeSupportBundle(ctx, { connectionId });
    return {
      name: `support-${bundle.connection.ourId}.${isJson ? 'json' : 'txt'}`,
      type: isJson ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8',
      chunks: [isJson ? `${JSON.stringify(bundle, null, 2)}\n` : toBundleText(bundle)],
    };
  });
}
