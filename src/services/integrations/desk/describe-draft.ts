import { parseDocument } from 'yaml';

/** The definition with another name or description; everything else of the text stays, comments too. */
export function describeDraft(text: string, fields: { name?: string; description?: string }): string {
  const document = parseDocument(text);
  for (const [key, value] of Object.entries(fields)) document.set(key, value);
  return document.toString({ lineWidth: 0 });
}
