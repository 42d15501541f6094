import { notFound } from 'next/navigation';
import { ZodError, z } from 'zod';

const MAX_ID_LENGTH = 200;

/** An id, as an action is bound to it. Whether it names anything, and whose, is for the operation to say. */
export const id = z
  .string()
  .min(1)
  .max(MAX_ID_LENGTH)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text));
export const flag = z.boolean();
export const anything = z.unknown();

/** The fields of a form, without NUL, which PostgreSQL stores in no text. What they hold is checked where it is read. */
export const fields = z
  .instanceof(FormData)
  .refine((form) => [...form].flat().every((part) => typeof part !== 'string' || !part.includes('\0')));

/** The state that React hands back to an action of `useActionState`. Nothing reads it. */
export function previous<State>() {
  return z.custom<State>();
}

type Arguments<Schemas extends readonly z.ZodType[]> = { [Index in keyof Schemas]: z.output<Schemas[Index]> };

/**
 * A server action that runs only with arguments of the right shape. Whatever a page of ours could not have sent, here or
 * where an operation parses its input, is answered with 404 and changes nothing.
 */
export function action<const Schemas extends readonly z.ZodType[], Result>(
  schemas: Schemas,
  run: (...args: Arguments<Schemas>) => Promise<Result>,
): (...args: Arguments<Schemas>) => Promise<Result> {
  const shape = z.tuple(schemas as unknown as [z.ZodType, ...z.ZodType[]]);
  return async (...args) => {
    const parsed = shape.safeParse(args.slice(0, schemas.length));
    if (!parsed.success) notFound();
    try {
      return await run(...(parsed.data as Arguments<Schemas>));
    } catch (error) {
      if (error instanceof ZodError) notFound();
      throw error;
    }
  };
}
