// A whole `npm start` with free ports and a data folder of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const END_WITHIN_MS = 60_000;
const GOOD_LINE = { sku: 'MUG-01', quantity: 2, unitPrice: 12.5 };

/** Starts it; what was printed, and how to send orders to its sample flow. */
export async function startStack(checkout) {
  const data = mkdtempSync(join(tmpdir(), 'tenon-screenshots-'));
  const [port, mongodb, temporal, ui] = await freePorts(4);
  const args = ['scripts/start.mjs', '--json', '--port', String(port), '--data', data];
  const child = spawn(process.execPath, args, {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      TENON_MONGODB_PORT: String(mongodb),
      TENON_TEMPORAL_PORT: String(temporal),
      TENON_TEMPORAL_UI_PORT: String(ui),
    },
  });
  const stop = async () => {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const started = JSON.parse(await firstLine(child));
    return { ...started, ...sender(started), temporalUi: new URL(started.temporalUiUrl).origin, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function sender({ apiUrl, webhookUrl, accessToken }) {
  return {
    /** Sends an order; the id of its execution. A broken one has an empty line, which a step stumbles over. */
    async deliver(orderId, { isBroken }) {
      const lines = isBroken ? [GOOD_LINE, null] : [GOOD_LINE];
      const response = await fetch(webhookUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ orderId, customer: 'Harbour Books', currency: 'EUR', lines }),
      });
      const { executionId } = await response.json();
      return Buffer.from(executionId, 'base64').toString().split(':')[1];
    },
    /** The execution as REST shows it, once it has ended and its workflow too. */
    async ended(id) {
      const headers = { authorization: `Bearer ${accessToken}` };
      for (const deadline = Date.now() + END_WITHIN_MS; ; await sleep(200)) {
        const execution = await (await fetch(`${apiUrl}/api/v1/executions/${id}`, { headers })).json();
        if (execution.phase === 'ended') return execution;
        if (Date.now() > deadline) throw new Error(`Execution ${id} has not ended.`);
      }
    },
  };
}

/** The first line that is an object; rejects when the program ends before. */
async function firstLine(child) {
  let said = '';
  child.stdout.setEncoding('utf8');
  for await (const text of child.stdout) {
    said += text;
    const line = said.split('\n').find((one, at, all) => one.startsWith('{') && at < all.length - 1);
    if (line) return line;
  }
  throw new Error('npm start ended without a report.');
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
