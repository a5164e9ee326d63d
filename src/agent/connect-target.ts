import { connect, type Socket } from 'node:net';
import type { AgentOptions } from './agent-options';

const LIMIT_MS = 10_000;

/** Connects to the one service that an agent is for. Rejects with a sentence for whoever reads the run's error. */
export function connectTarget({ target }: AgentOptions): Promise<Socket> {
  const where = `${target.host}:${target.port}`;
  return new Promise((resolve, reject) => {
    const socket = connect({ ...target, allowHalfOpen: true, noDelay: true, keepAlive: true });
    const timer = setTimeout(() => socket.destroy(new Error('no answer within 10 s')), LIMIT_MS);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(new Error(`the agent cannot reach ${where}: ${error.message}`));
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      resolve(socket);
    });
  });
}
