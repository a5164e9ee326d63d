import type { RunnerPool } from '../../../src/components/runner/pool';
import { nextMessage, startChild } from './child';
import { codeCall, dataOf, type Figures, measure } from './load';

const TRIVIAL = 'module.exports = async () => ({ data: 1 })';
/** What the engine sends with each call, in size and shape. */
const CONTEXT = {
  executionId: '0190b3e6-5a0a-7c11-9f0a-2b8a0f1d7a11',
  stepId: '0190b3e6-5a0a-7c11-9f0a-2b8a0f1d7a12',
  startedAt: new Date(0).toISOString(),
  configVars: { Endpoint: 'https://api.example.com', Limit: '100' },
  webhookUrls: { 'Flow 1': 'https://tenon.example.com/webhooks/0190b3e6-5a0a-7c11-9f0a-2b8a0f1d7a13' },
  customer: { id: 'customer', externalId: 'acme', name: 'Acme' },
  instance: { id: 'instance', name: 'Orders to ERP' },
  integration: { id: 'integration', name: 'Orders', versionSequenceId: 'v', externalVersion: '1' },
  flow: { id: 'flow', name: 'Flow 1', stableId: 'flow-1' },
  executionState: {},
  instanceState: {},
  crossFlowState: {},
  integrationState: {},
};

/** What is measured, by name. */
export const BORDER_WORKS = {
  trivial: 'trivial code step, one after the other',
  trivialAtOnce: 'trivial code step, 200 at once',
  posts: '3 posts and 3 log lines, one run at a time (per step)',
  postsAtOnce: '3 posts and 3 log lines, 50 runs at once (per step)',
} as const;

/**
 * What one step costs: trivial code steps, and three HTTP posts with a log line each. `runsOf` makes the number of
 * runs smaller.
 */
export async function measureBorder(
  pool: RunnerPool,
  runsOf: (runs: number) => number = (runs) => runs,
): Promise<{ figures: Record<string, Figures>; connections: number }> {
  const trivial = async () => void (await dataOf(pool, codeCall(TRIVIAL, CONTEXT)));
  const echo = startChild('echo-server.ts');
  try {
    const { port } = await nextMessage<{ port: number }>(echo);
    const posts = () => threePosts(pool, `http://127.0.0.1:${port}/orders`);
    const figures = {
      [BORDER_WORKS.trivial]: await measure(pool, runsOf(4_000), 1, 1, trivial),
      [BORDER_WORKS.trivialAtOnce]: await measure(pool, runsOf(12_000), 200, 1, trivial),
      [BORDER_WORKS.posts]: await measure(pool, runsOf(400), 1, 6, posts),
      [BORDER_WORKS.postsAtOnce]: await measure(pool, runsOf(1_500), 50, 6, posts),
    };
    echo.send('connections');
    const { connections } = await nextMessage<{ connections: number }>(echo);
    return { figures, connections };
  } finally {
    echo.disconnect();
  }
}

async function threePosts(pool: RunnerPool, url: string): Promise<void> {
  for (let step = 0; step < 3; step += 1) {
    await dataOf(pool, {
      ...codeCall('', CONTEXT),
      component: { key: 'http', isPublic: true, version: 1, signature: '' },
      key: 'httpPost',
      params: { url, data: { order: 'x'.repeat(1_000) }, headers: [], queryParams: [] },
    });
    await dataOf(pool, {
      ...codeCall('', CONTEXT),
      component: { key: 'log', isPublic: true, version: 1, signature: '' },
      key: 'writeLog',
      params: { level: 'info', message: `posted ${step}` },
    });
  }
}
