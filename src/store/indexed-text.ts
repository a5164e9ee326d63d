/**
 * A text as a query must name it that uses an index of texts alone (`partialFilterExpression` with `$type`): without the
 * type MongoDB takes it for possible that the index lacks what is looked for, and reads the whole collection.
 */
export const indexedText = (text: string): { $eq: string; $type: 'string' } => ({
  $eq: text,
  $type: 'string',
});
