import { exportResponse } from '../../../../_files/export-response.ts';

export async function GET(_: Request, { params }: { params: Promise<{ connectionId: string }> }): Promise<Response> {
  return exportResponse((await params).connectionId);
}
