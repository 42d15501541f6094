'use server';

import { revalidatePath } from 'next/cache';
import { changeClient } from '#lib/admin/settings/change-client';
import { changeSettings, type NewSettings } from '#lib/admin/settings/change-settings';
import { adminContext } from '#lib/auth/current-user';
import { requireFreshSignIn } from '#lib/auth/fresh-sign-in';
import { AppError } from '#lib/errors/app-error';
import { FLOWS } from '#lib/settings/settings';
import { action, fields, previous } from '../../../_lib/action.ts';
import type { FormState, TypedClient, TypedSettings } from './_form-state.ts';

export const changeClientAction = action(
  [previous<FormState<TypedClient>>(), fields],
  async (_, form): Promise<FormState<TypedClient>> => {
    const ctx = await adminContext('/admin/settings');
    await requireFreshSignIn('/admin/settings');
    const typed = { clientId: text(form, 'client-id'), reason: text(form, 'reason') };
    return save(typed, () => changeClient(ctx, { ...typed, clientSecret: text(form, 'client-secret') }));
  },
);

export const changeSettingsAction = action(
  [previous<FormState<TypedSettings>>(), fields],
  async (_, form): Promise<FormState<TypedSettings>> => {
    const ctx = await adminContext('/admin/settings');
    const typed: TypedSettings = {
      flow: text(form, 'flow'),
      providers: text(form, 'providers'),
      permissions: form.getAll('permissions').filter((value) => typeof value === 'string'),
      reminderDays: text(form, 'reminder-days'),
      answerDays: text(form, 'answer-days'),
      callDays: text(form, 'call-days'),
      historyDays: text(form, 'history-days'),
      reason: text(form, 'reason'),
    };
    return save(typed, () => changeSettings(ctx, { settings: readSettings(typed), reason: typed.reason }));
  },
);

function readSettings(typed: TypedSettings): NewSettings {
  const flow = FLOWS.find((known) => known === typed.flow);
  if (flow === undefined) throw new AppError('invalid', 'flow_invalid');
  return {
    flow,
    providers: wordsOf(typed.providers),
    permissions: [...typed.permissions],
    reminderDays: wordsOf(typed.reminderDays).map(toNumber),
    answerRetentionDays: toNumber(typed.answerDays),
    callRetentionDays: toNumber(typed.callDays),
    historyRetentionDays: toNumber(typed.historyDays),
  };
}

async function save<Typed>(typed: Typed, change: () => Promise<void>): Promise<FormState<Typed>> {
  try {
    await change();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { outcome: 'refused', code: error.code, typed };
  }
  revalidatePath('/admin/settings');
  return { outcome: 'saved' };
}

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

function wordsOf(typed: string): string[] {
  return typed.split(/[\s,]+/).filter(Boolean);
}

/** What isn't a whole number is one that no setting takes. */
function toNumber(value: string): number {
  return /^\d{1,4}$/.test(value) ? Number(value) : -1;
}
