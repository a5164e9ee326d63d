import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../free-port';

/** A request that the token endpoint got. */
interface TokenRequest {
  at: number;
  status: number;
  grantType: string;
}

interface Mode {
  /** Before each answer of the token endpoint. */
  delayMs?: number;
  /** So many requests are answered with 503. */
  failures?: number;
  hangs?: boolean;
  /** Of access tokens from now on. */
  lifeSeconds?: number;
}

/** A real OAuth server on this machine, in a process of its own. */
export interface OauthProvider {
  url: string;
  /** Fields of a connection to it. */
  fieldsOf(client: 'post' | 'basic' | 'public' | 'machine'): Record<string, string>;
  set(mode: Mode): Promise<void>;
  /** What its token endpoint was asked since {@link OauthProvider.forget}. */
  requests(): Promise<TokenRequest[]>;
  forget(): Promise<void>;
  revoke(refreshToken: string): Promise<void>;
  stop(): void;
}

export async function startOauthProvider(
  redirectUri: string,
  accessTokenSeconds = 3600,
): Promise<OauthProvider> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = fork(
    join(__dirname, 'main.mjs'),
    [JSON.stringify({ port, redirectUri, accessTokenSeconds })],
    { env: { PATH: process.env['PATH'] ?? '' }, silent: true },
  );
  let said = '';
  child.stderr?.on('data', (data: Buffer) => (said += data.toString()));
  child.stdout?.resume();
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', () => reject(new Error(`The OAuth server did not start: ${said}`)));
  });
  const secretOf = (client: string) => (client === 'public' ? '' : `${client}-secret-0123456789abcdef`);
  return {
    url,
    fieldsOf: (client) => ({ host: `127.0.0.1:${port}`, clientId: client, clientSecret: secretOf(client) }),
    set: async (mode) => void (await ask(child, { mode })),
    requests: () => ask(child, {}),
    forget: async () => void (await ask(child, { forget: true })),
    async revoke(refreshToken) {
      const body = new URLSearchParams({
        token: refreshToken,
        client_id: 'post',
        client_secret: secretOf('post'),
      });
      const response = await fetch(`${url}/token/revocation`, { method: 'POST', body });
      expect(response.status).toBe(200);
    },
    stop: () => child.disconnect(),
  };
}

let lastId = 0;

function ask(child: ChildProcess, message: object): Promise<TokenRequest[]> {
  lastId += 1;
  const id = lastId;
  return new Promise((resolve) => {
    const listen = (answer: { id?: number; tokenRequests: TokenRequest[] }) => {
      if (answer.id !== id) return;
      child.off('message', listen as never);
      resolve(answer.tokenRequests);
    };
    child.on('message', listen as never);
    child.send({ ...message, id });
  });
}
