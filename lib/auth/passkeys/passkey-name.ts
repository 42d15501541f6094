import 'server-only';
import { z } from 'zod';
import { AppError } from '#lib/errors/app-error';

export const MAX_PASSKEY_NAME_LENGTH = 60;

const PasskeyName = z
  .string()
  .trim()
  .min(1)
  .max(MAX_PASSKEY_NAME_LENGTH)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u);

/** @throws {AppError} invalid `name_invalid`: empty, longer than 60 characters, or with control characters */
export function parsePasskeyName(typed: unknown): string {
  const parsed = PasskeyName.safeParse(typed);
  if (!parsed.success) throw new AppError('invalid', 'name_invalid');
  return parsed.data;
}
