import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of PEM files. */
export interface Certificates {
  /** Of the authority. */
  ca: string;
  key: string;
  cert: string;
}

/** Makes a private authority and a certificate of its for some host names, valid for two days, in a folder. */
export function makeCertificates(folder: string, hosts: string[]): Certificates {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const authority = ['-subj', '/CN=Test authority', '-days', '2', '-keyout', 'ca.key', '-out', 'ca.pem'];
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...authority);
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'host.key',
    '-out',
    'host.csr',
    '-subj',
    `/CN=${hosts[0]}`,
  );
  writeFileSync(join(folder, 'names'), `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}\n`);
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  openssl('x509', '-req', '-in', 'host.csr', ...signed, '-out', 'host.pem');
  return { ca: join(folder, 'ca.pem'), key: join(folder, 'host.key'), cert: join(folder, 'host.pem') };
}
