import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { DevError } from '../dev-error';

/** Whether a server could listen there now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(new DevError(`Cannot listen on ${host}:${port}: ${error.message}.`));
    });
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

export interface PortRequest {
  /** Key in the file. */
  name: string;
  /** As people know it. */
  label: string;
  /** Set when the port was asked for. */
  wanted?: number | undefined;
  /** Environment variable that asks for it. */
  variable: string;
}

/**
 * Chooses a port for each request and keeps the choice in `file`, so that a data folder has the same addresses
 * after a restart. A port that was asked for and is taken is an error; a kept one that is taken is replaced.
 */
export async function choosePorts(file: string, requests: PortRequest[]): Promise<Map<string, number>> {
  const kept = readKept(file);
  const chosen = new Map<string, number>();
  for (const request of requests) {
    if (request.wanted !== undefined && !(await isPortFree(request.wanted))) {
      throw new DevError(
        `Port ${request.wanted} for ${request.label} is taken; end what uses it or set ${request.variable} to another.`,
      );
    }
    const taken = new Set(chosen.values());
    chosen.set(request.name, request.wanted ?? (await keptOrFree(kept[request.name], taken)));
  }
  writeFileSync(file, `${JSON.stringify({ ...kept, ...Object.fromEntries(chosen) }, null, 2)}\n`);
  return chosen;
}

/** Below the ranges from which systems give ports to outgoing connections, so that it is still free next time. */
const LOWEST = 20_000;
const HIGHEST = 29_999;

async function keptOrFree(kept: number | undefined, taken: ReadonlySet<number>): Promise<number> {
  if (kept !== undefined && !taken.has(kept) && (await isPortFree(kept))) return kept;
  for (let tries = 0; tries < 200; tries++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST + 1));
    if (!taken.has(port) && (await isPortFree(port))) return port;
  }
  throw new DevError(`No free port was found between ${LOWEST} and ${HIGHEST}.`);
}

function readKept(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
}
