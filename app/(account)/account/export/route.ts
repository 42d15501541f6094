import { exportResponse } from '../../../_files/export-response.ts';

export function GET(): Promise<Response> {
  return exportResponse(null);
}
