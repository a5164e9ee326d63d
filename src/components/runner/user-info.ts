import os, { type UserInfoOptions } from 'node:os';

const home = os.homedir();

/**
 * Gives `os.userInfo` an answer where the system knows no name for the process's user, as in a view of its own: libraries
 * ask for it while they load. Where the system has one, it stays as it is.
 */
export function nameUser(): void {
  const original = os.userInfo as (options?: UserInfoOptions) => unknown;
  const userInfo = (options?: UserInfoOptions): unknown => {
    try {
      return original(options);
    } catch (error) {
      if ((error as { info?: { code?: string } }).info?.code !== 'ENOENT') throw error;
      return unnamed(options?.encoding === 'buffer');
    }
  };
  Object.assign(os, { userInfo });
}

function unnamed(asBytes: boolean): object {
  const text = (value: string): string | Buffer => (asBytes ? Buffer.from(value) : value);
  const [uid, gid] = [process.getuid?.() ?? -1, process.getgid?.() ?? -1];
  return { uid, gid, username: text('runner'), homedir: text(home), shell: null };
}
