import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Starts a TypeScript file of this folder as a child with a channel that keeps bytes. */
export function startChild(file: string): ChildProcess {
  return fork(join(__dirname, file), [], { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
}

/** The next message of a child. */
export async function nextMessage<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, 'message')) as [T];
  return message;
}
