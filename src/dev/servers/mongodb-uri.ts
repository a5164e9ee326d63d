/** `mongodb[+srv]://` authority, database and options of a connection string. */
const PARTS = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/([^?]*))?(?:\?(.*))?$/;

/** The same connection string for another database; users are still looked for where they were. */
export function withDatabase(uri: string, database: string): string {
  const [, origin, present = '', query = ''] = PARTS.exec(uri) ?? [];
  if (origin === undefined) return uri;
  const options = new URLSearchParams(query);
  // Without authSource the driver looks for the user in the database of the connection string.
  if (origin.includes('@') && !options.has('authSource')) options.set('authSource', present || 'admin');
  const text = options.toString();
  return `${origin}/${database}${text === '' ? '' : `?${text}`}`;
}
