const DONE: Record<string, string> = { FileSystemRead: 'read', FileSystemWrite: 'write to' };
const REMEDY: Record<string, string> = {
  FileSystemRead: 'it may read its own package and what it wrote below os.tmpdir()',
  FileSystemWrite: 'it may write only below os.tmpdir()',
};
/** All that Node says of it, with a hint at options of its own in later versions. */
const NODE_SAYS = /Access to this API has been restricted\.?( Use --[\w-]+ to manage permissions\.?)?/;

/**
 * What is said in place of Node's words, which name neither, when its permission model refused a file: the operation, the
 * path as the code gave it, and a remedy. `undefined` for other errors.
 */
export function refusedFile(
  error: { code?: unknown; permission?: unknown; resource?: unknown },
  message: string,
): string | undefined {
  const { code, permission, resource } = error;
  if (code !== 'ERR_ACCESS_DENIED' || typeof permission !== 'string') return undefined;
  const done = Object.hasOwn(DONE, permission) ? DONE[permission] : undefined;
  if (done === undefined || typeof resource !== 'string' || resource === '') return undefined;
  const said = `Component code may not ${done} ${resource}: ${REMEDY[permission]}.`;
  // Behind Node's words others may stand, such as the line of the code.
  return NODE_SAYS.test(message) ? message.replace(NODE_SAYS, () => said) : `${said} ${message}`.trim();
}
