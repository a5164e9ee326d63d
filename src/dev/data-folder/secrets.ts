import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { DevError } from '../dev-error';

/** What only this data folder knows; without it the stored data cannot be read. */
export interface DevSecrets {
  mongodbPassword: string;
  /** In the form of TENON_ENCRYPTION_KEYS. */
  encryptionKeys: string;
  jwtSecret: string;
  fulfilmentKey: string;
}

/** Reads the secrets of a data folder, or makes them on its first use; only the owner may read the file. */
export function keepSecrets(file: string): DevSecrets {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return makeSecrets(file);
  }
  try {
    return JSON.parse(text) as DevSecrets;
  } catch {
    throw new DevError(
      `${file} is not readable as JSON; restore it, or remove the data folder to begin anew.`,
    );
  }
}

function makeSecrets(file: string): DevSecrets {
  const secrets: DevSecrets = {
    mongodbPassword: randomBytes(24).toString('base64url'),
    encryptionKeys: `k1:${randomBytes(32).toString('base64')}`,
    jwtSecret: randomBytes(48).toString('base64url'),
    fulfilmentKey: `ff_${randomBytes(18).toString('base64url')}`,
  };
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}

/** Writes the key that members of the replica set share; mongod wants it readable by the owner alone. */
export function keepKeyFile(file: string): string {
  try {
    writeFileSync(file, randomBytes(96).toString('base64'), { mode: 0o400, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    chmodSync(file, 0o400);
  }
  return file;
}
