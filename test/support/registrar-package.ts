import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { publish, put, zipOf } from './published-packages';

const display = (label: string) => ({ label, description: `Does ${label}.` });
const flags = { hasOnInstanceDelete: true, hasWebhookCreateFunction: true, hasWebhookDeleteFunction: true };
const input = { key: 'service', label: 'service', type: 'string', default: '' };
const TRIGGERS = ['hook', 'other'];

/** Registers its webhook with a service over HTTP, keeps the id that it gets, and says it to have it forgotten. */
const SOURCE = `
const http = require('node:http');
const tell = (method, path) => async (context, params) => {
  const ids = (context.crossFlowState.ids ??= {});
  const place = path + ' ' + context.flow.name;
  const target = new URL(params.service + path + '/' + encodeURIComponent(context.flow.name));
  const body = context.webhookUrls[context.flow.name] ?? '';
  // Node frames no body of a DELETE by itself.
  const headers = { 'hook-id': ids[place] ?? '', 'content-length': Buffer.byteLength(body) };
  const [status, id] = await new Promise((resolve, reject) => {
    const request = http.request(target, { method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (part) => (text += part));
      response.on('end', () => resolve([response.statusCode, text]));
    });
    request.on('error', reject);
    request.end(body);
  });
  if (status !== 200) throw new Error('The service answers ' + status + '.');
  if (method === 'PUT') ids[place] = id;
  else delete ids[place];
  context.crossFlowState.told = [...(context.crossFlowState.told ?? []), method + ' ' + context.flow.name];
};
const trigger = (key, path) => ({
  key, display: ${JSON.stringify(display('hook'))}, inputs: [${JSON.stringify(input)}],
  scheduleSupport: 'invalid', synchronousResponseSupport: 'valid',
  perform: async (context, payload) => ({ payload }),
  ...${JSON.stringify(flags)},
  webhookCreate: tell('PUT', path), webhookDelete: tell('DELETE', path), onInstanceDelete: tell('DELETE', '/traces'),
});
exports.default = {
  key: 'registrar', public: false, display: { ...${JSON.stringify(display('registrar'))}, iconPath: 'icon.png' },
  actions: {}, dataSources: {}, connections: [],
  triggers: { hook: trigger('hook', '/hooks'), other: trigger('other', '/others') },
};`;

/** Publishes a version of the component "registrar"; its two triggers, `hook` and `other`, keep a webhook elsewhere. */
export async function publishRegistrar(
  server: { apiUrl: string; accessToken: string },
  release = 1,
): Promise<void> {
  const { result, errors } = await publish(server, {
    definition: { key: 'registrar', public: false, display: display('registrar') },
    actions: [],
    triggers: TRIGGERS.map((key) => ({
      key,
      display: display('hook'),
      inputs: [input],
      examplePayload: '{}',
      scheduleSupport: 'invalid',
      synchronousResponseSupport: 'valid',
      ...flags,
    })),
    dataSources: [],
    connections: [],
  });
  if (!result) throw new Error(`It was refused: ${JSON.stringify(errors)}`);
  const upload = await put(result.packageUploadUrl, zipOf({ 'index.js': `${SOURCE} // ${release}` }));
  if (upload.status !== 200) throw new Error(`Its package was refused: ${upload.body}`);
}

/** The service that keeps webhooks. */
export interface HookService {
  url: string;
  /** What it was asked, in order: method, path, and the id of the webhook where the caller knows one. */
  calls: string[];
  /** Requests that it refuses, as method and path, each once for each time that it stands here. */
  refused: string[];
  /** Waited for before it answers a request, given as method and path. */
  meanwhile: (call: string) => Promise<unknown>;
  close(): void;
}

/** Starts it. */
export async function startHookService(): Promise<HookService> {
  const service: HookService = {
    url: '',
    calls: [],
    refused: [],
    meanwhile: async () => undefined,
    close: () => undefined,
  };
  let registered = 0;
  const server = createServer((request, response) => {
    const call = `${request.method} ${request.url}`;
    const id = request.headers['hook-id'];
    const at = service.refused.indexOf(call);
    if (at >= 0) service.refused.splice(at, 1);
    service.calls.push([call, ...(id ? [id] : []), ...(at >= 0 ? ['refused'] : [])].join(' '));
    if (request.method === 'PUT' && at < 0 && !id) registered += 1;
    const answer = id || `hook-${registered}`;
    const reply = () => response.writeHead(at >= 0 ? 503 : 200).end(answer);
    service.meanwhile(call).then(reply, () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  service.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return service;
}
