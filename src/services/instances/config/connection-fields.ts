import type { PlanConnection, PlanConnectionField } from '../../../engine/plan';

/** Most characters that are read and written while the templates of one connection are filled in. */
const MOST_TEMPLATE_TEXT = 200_000;

/** What was set by hand for a field, where that counts. */
export function setByHand(
  { key, isFixed }: PlanConnectionField,
  set: ReadonlyMap<string, string> | undefined,
): string | undefined {
  return isFixed === true ? undefined : set?.get(key);
}

/**
 * The fields of a connection by key: what was set by hand, else the text of the definition or the component, with
 * `{{#field}}` filled in from other fields of the same connection. What somebody typed in is never a template.
 */
export function connectionFields(
  connection: PlanConnection,
  set: ReadonlyMap<string, string> = new Map(),
): Record<string, string> {
  const declared = new Map(connection.fields.map((field) => [field.key, field]));
  // Templates within templates could else grow without bounds.
  let left = MOST_TEMPLATE_TEXT;
  const textOf = (key: string, within: readonly string[]): string | undefined => {
    const field = declared.get(key);
    const byHand = field && setByHand(field, set);
    const text = byHand ?? field?.value;
    if (text === undefined || byHand !== undefined || !text.includes('{{#')) return text;
    return text.replace(/\{\{#([^{}]*)\}\}/g, (whole, name: string) => {
      const other = name.trim();
      if (!declared.has(other)) return whole;
      // A field that is made of itself has no value.
      const value = within.includes(other) || left <= 0 ? '' : (textOf(other, [...within, other]) ?? '');
      left -= value.length + text.length;
      return value;
    });
  };
  const entries = connection.fields.map(({ key }) => [key, textOf(key, [key])] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
