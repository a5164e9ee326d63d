import type { z } from 'zod';
import { AppError, type FieldFault } from '../errors';

/** Checks `raw` against `schema`; throws `invalid_input` with the faults of all fields at once. */
export function parseInput<S extends z.ZodType>(schema: S, raw: unknown): z.output<S> {
  const parsed = schema.safeParse(raw ?? {});
  if (parsed.success) return parsed.data;
  const faults = new Map<string, string[]>();
  for (const issue of parsed.error.issues) {
    const field = issue.path.length > 0 ? issue.path.join('.') : '__all__';
    faults.set(field, [...(faults.get(field) ?? []), issue.message]);
  }
  throw invalidInput([...faults].map(([field, messages]) => ({ field, messages })));
}

/** The error for several bad fields; its message lists them, for doors that show one line only. */
export function invalidInput(faults: FieldFault[]): AppError {
  const lines = faults.map(({ field, messages }) => {
    const text = messages.join(' ');
    return field === '__all__' ? text : `${field}: ${text}`;
  });
  return new AppError('invalid_input', lines.join('\n'), { faults });
}
