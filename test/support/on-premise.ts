import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { definition, value } from './definition-builder';
import { publish, put, zipOf } from './published-packages';

const CONNECTION = {
  key: 'service',
  label: 'Service',
  inputs: [
    { key: 'host', label: 'Host', type: 'string', required: true, onPremiseControlled: true },
    { key: 'port', label: 'Port', type: 'string', required: true, onPremiseControlled: true },
    { key: 'secret', label: 'Secret', type: 'password' },
  ],
};
const connectionInput = { key: 'connection', label: 'Connection', type: 'connection' };
const textInput = (key: string) => ({ key, label: key, type: 'string' });
const display = (label: string) => ({ label, description: label });

/** A component whose actions speak to the service of a connection. */
const CODE = `
const http = require('node:http');
const net = require('node:net');
const { createHash } = require('node:crypto');
const ask = (fields, path, body) => new Promise((resolve, reject) => {
  const hash = createHash('sha256');
  let bytes = 0;
  let text = '';
  const request = http.request({ host: fields.host, port: fields.port, path, method: 'POST', agent: false }, (response) => {
    response.on('data', (part) => { bytes += part.length; hash.update(part); if (text.length < 1000) text += part; });
    response.on('end', () => resolve({ host: fields.host, port: fields.port, bytes, text: text.slice(0, 1000), sha256: hash.digest('hex') }));
    response.on('error', reject);
  });
  request.on('error', reject);
  request.end(body);
});
exports.default = {
  key: 'local-service', public: false, display: ${JSON.stringify(display('Local service'))},
  actions: {
    ask: { key: 'ask', display: ${JSON.stringify(display('Ask'))}, inputs: ${JSON.stringify([connectionInput, textInput('path'), textInput('bytes')])},
      perform: async (context, { connection, path, bytes }) => {
        const body = Buffer.alloc(Number(bytes || 0), 'tenon');
        const data = await ask(connection.fields, path.replace('PORT', connection.fields.port), body);
        return { data: { ...data, sent: createHash('sha256').update(body).digest('hex') } };
      } },
    stumble: { key: 'stumble', display: ${JSON.stringify(display('Stumble'))}, inputs: ${JSON.stringify([connectionInput])},
      perform: async (context, { connection }) => {
        await ask(connection.fields, '/reset').catch(() => undefined);
        await ask(connection.fields, '/stock');
        throw new Error('The order has no lines.');
      } },
    reach: { key: 'reach', display: ${JSON.stringify(display('Reach'))}, inputs: ${JSON.stringify([textInput('port')])},
      perform: (context, { port }) => new Promise((resolve, reject) => {
        const socket = net.connect(Number(port), '127.0.0.1', () => resolve({ data: 'reached' }));
        socket.on('error', reject);
      }) },
  },
  triggers: {}, dataSources: {}, connections: [${JSON.stringify(CONNECTION)}],
};`;

/** Publishes the component `local-service`: `ask`, `stumble` and `reach`. */
export async function publishLocalService(server: { apiUrl: string; accessToken: string }): Promise<void> {
  const action = (key: string, inputs: object[]) => ({
    key,
    display: display(key),
    inputs,
    examplePayload: '{}',
  });
  const { result, errors } = await publish(server, {
    definition: { key: 'local-service', public: false, display: display('Local service') },
    actions: [
      action('ask', [connectionInput, textInput('path'), textInput('bytes')]),
      action('stumble', [connectionInput]),
      action('reach', [textInput('port')]),
    ],
    triggers: [],
    dataSources: [],
    connections: [CONNECTION],
  });
  if (!result) throw new Error(`The component was refused: ${JSON.stringify(errors)}`);
  const upload = await put(result.packageUploadUrl, zipOf({ 'index.js': CODE }));
  if (upload.status !== 200) throw new Error(`The package was refused: ${upload.body}`);
}

const component = { key: 'local-service', isPublic: false, version: 'LATEST' };
const stepOf = (key: string, inputs: Record<string, unknown>) => ({
  name: 'Call',
  description: '',
  action: { key, component },
  inputs,
});

const CONNECTED = { connection: { type: 'configVar', value: 'Service' } };

/** A definition with a flow of one step, and the connection `Service`. */
const connectedDefinition = (name: string, onPremise: string, step: ReturnType<typeof stepOf>): string =>
  definition(name, [{ name: 'Ask', isSynchronous: true, steps: [step] }], {
    requiredConfigVars: [
      {
        key: 'Service',
        dataType: 'connection',
        orgOnly: false,
        onPremiseConnectionConfig: onPremise,
        connection: { key: 'service', component },
        inputs: {},
      },
    ],
  });

/** A definition whose flow asks the service of the connection `Service` and answers what it says. */
export const askingDefinition = (name: string, onPremise: string, path = '/', bytes = '0'): string =>
  connectedDefinition(
    name,
    onPremise,
    stepOf('ask', { ...CONNECTED, path: value(path), bytes: value(bytes) }),
  );

/** A definition whose flow fails by itself, behind a connection to the service that is reset and one that is not. */
export const stumblingDefinition = (name: string): string =>
  connectedDefinition(name, 'allowed', stepOf('stumble', CONNECTED));

/** A definition whose flow connects to the local port that its request names. */
export const reachingDefinition = (name: string): string =>
  definition(name, [
    {
      name: 'Reach',
      isSynchronous: true,
      steps: [stepOf('reach', { port: { type: 'reference', value: 'trigger.results.body.data.port' } })],
    },
  ]);

/** An agent in a process of its own. */
export interface AgentProcess {
  child: ChildProcess;
  /** Its exit code. */
  ended: Promise<number | null>;
  said(): string;
}

/** Starts the built command line's agent. */
export function startAgent(
  url: string,
  token: string,
  target: number,
  more: Record<string, string> = {},
): AgentProcess {
  const entry = join(__dirname, '..', '..', 'dist', 'cli', 'main.js');
  const args = ['agent', '--url', url, '--target', `127.0.0.1:${target}`, '--name', 'The cellar'];
  const env = { PATH: process.env['PATH'] ?? '', TENON_AGENT_TOKEN: token, ...more };
  const child = fork(entry, args, { env, silent: true });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => (said += data.toString()));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return { child, ended, said: () => said };
}
