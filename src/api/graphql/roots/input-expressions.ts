/** A field of a connection as callers send it. */
export type InputExpression = { name: string; type?: string | null; value?: string | null } | null;

/** The fields as services take them; another type than `value` they refuse. */
export function fieldsOf(inputs: InputExpression[] | null | undefined) {
  return inputs?.flatMap((input) =>
    input === null
      ? []
      : [{ name: input.name, type: input.type as 'value' | null | undefined, value: input.value }],
  );
}
