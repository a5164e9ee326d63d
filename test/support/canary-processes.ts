import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const DIST = join(__dirname, '..', '..', 'dist');

/** A built process with all that it ever said. */
export interface CanaryProcess {
  name: string;
  output(): Buffer;
  kill(): Promise<void>;
}

/** Starts the API or a worker and waits until it says that it is ready. Rejects, with what it said, when it ends before. */
export async function startCanaryProcess(
  name: 'api' | 'worker',
  env: Record<string, string>,
): Promise<CanaryProcess> {
  const child = fork(join(DIST, name, 'main.js'), {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    silent: true,
  });
  const started = recorded(name, child);
  const ended = once(child, 'exit').then(() => {
    throw new Error(`The ${name} process ended: ${started.output().toString()}`);
  });
  ended.catch(() => undefined);
  await Promise.race([once(child, 'message'), ended]);
  return started;
}

/** The agent of an on-premise resource, in front of a local port. */
export function startCanaryAgent(url: string, token: string, target: number): CanaryProcess {
  const args = ['agent', '--url', url, '--target', `127.0.0.1:${target}`, '--name', 'The cellar'];
  const env = { PATH: process.env['PATH'] ?? '', TENON_AGENT_TOKEN: token };
  return recorded('agent', fork(join(DIST, 'cli', 'main.js'), args, { env, silent: true }));
}

function recorded(name: string, child: ChildProcess): CanaryProcess {
  const pieces: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (piece: Buffer) => pieces.push(piece));
  const ended = once(child, 'exit');
  return {
    name,
    output: () => Buffer.concat(pieces),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
