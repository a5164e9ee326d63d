import { readdir, readFile, writeFile } from 'node:fs/promises';
import { code, definition } from '../support/definition-builder';
import { createPrism, type Prism } from '../support/prism';
import { type System, startSystem } from '../support/system';

/** The unmodified command line listens to a flow, keeps what was sent to it, and sends it again. */
let system: System;
let prism: Prism;
let integrationId: string;
let flow: { id: string; testUrl: string };

beforeAll(async () => {
  system = await startSystem();
  prism = await createPrism(system);
  const path = prism.path('heard.yml');
  const echo = code(
    'Echo',
    'module.exports = async (_, { trigger }) => ({ data: trigger.results.body.data });',
  );
  await writeFile(path, definition('Heard', [{ name: 'Hear', steps: [echo] }]));
  integrationId = (await prism.ok('integrations:import', '--path', path)).trim();
  const listed = await prism.ok('integrations:flows:list', integrationId, '--extended', '--output', 'json');
  [flow] = JSON.parse(listed) as [typeof flow];
});

afterAll(async () => {
  await prism?.close();
  await system?.stop();
});

test('flows:listen keeps the next delivery at the test address, which flows:test sends again', async () => {
  const folder = prism.path('payloads');
  const of = ['-i', integrationId, '-f', flow.id];
  let isListening = true;
  const heard = prism.run(['integrations:flows:listen', ...of, '-o', folder]).finally(() => {
    isListening = false;
  });
  // It does not say when it is ready, and takes what comes from then on.
  while (isListening) {
    const sent = await fetch(flow.testUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Mark': 'kept' },
      body: '{ "order":   17 }',
    });
    expect(sent.status).toBe(200);
    await sent.arrayBuffer();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const { exitCode, stdout, stderr } = await heard;
  expect({ exitCode, stderr: stderr.match(/fail|error/gi) }).toEqual({ exitCode: 0, stderr: null });
  expect(stdout).toContain(`Set listening mode to true for integration ${integrationId}`);
  expect(stdout).toContain(`Set listening mode to false for integration ${integrationId}`);

  const [name = ''] = await readdir(folder);
  const file = `${folder}/${name}`;
  const kept = JSON.parse(await readFile(file, 'utf8')) as {
    payload: unknown;
    headers: Record<string, string>;
  };
  expect(kept).toMatchObject({ payload: { order: 17 }, contentType: 'application/json' });
  expect(kept.headers).toMatchObject({ 'X-Mark': 'kept' });

  const again = await prism.ok('integrations:flows:test', ...of, '-p', file, '--sync', '--quiet');
  expect(again).toContain('"order": 17');
});
