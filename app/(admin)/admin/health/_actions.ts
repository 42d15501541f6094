'use server';

import { redirect } from 'next/navigation';
import { retryJob } from '#lib/admin/health/retry-job';
import { adminContext } from '#lib/auth/current-user';
import { AppError } from '#lib/errors/app-error';
import { action, fields, id } from '../../../_lib/action.ts';

export const retryJobAction = action([id, id, fields], async (name, jobId, form) => {
  const ctx = await adminContext('/admin/health');
  const reason = form.get('reason');
  const answer = new URLSearchParams({ job: jobId });
  try {
    await retryJob(ctx, { name, jobId, reason: typeof reason === 'string' ? reason : '' });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    answer.set('refused', error.code);
  }
  redirect(`/admin/health?${answer}`);
});
