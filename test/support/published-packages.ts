import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import { graphqlClient } from './graphql-client';

/** What a component made for a test offers. */
export interface TestComponent {
  key: string;
  actions?: string[];
  isPublic?: boolean;
  /** Code that runs while the bundle is loaded. */
  prelude?: string;
  /** Code of a code-native integration brings its definition. */
  yaml?: string;
}

const display = (label: string) => ({ label, description: `Does ${label}.` });

/** The source of a bundle without dependencies, in the form that the SDK's builds have. */
export function bundleOf({
  key,
  actions = ['run'],
  isPublic = false,
  prelude = '',
  yaml,
}: TestComponent): string {
  const entries = actions.map(
    (action) =>
      `${JSON.stringify(action)}: { key: ${JSON.stringify(action)}, display: ${JSON.stringify(display(action))},
        inputs: [], perform: async () => ({ data: ${JSON.stringify(`${key}.${action}`)} }) }`,
  );
  return `${prelude}
    Object.defineProperty(exports, '__esModule', { value: true });
    exports.default = {
      key: ${JSON.stringify(key)}, public: ${isPublic},
      display: { ...${JSON.stringify(display(key))}, iconPath: 'icon.png' },
      actions: { ${entries.join(',')} }, triggers: {}, dataSources: {}, connections: [],
      ${yaml === undefined ? '' : `codeNativeIntegrationYAML: ${JSON.stringify(yaml)},`}
    };`;
}

/** A zip file of texts by path. */
export function zipOf(files: Record<string, string>): Buffer {
  const entries = Object.entries(files).map(([path, text]) => [path, strToU8(text)] as const);
  // Equal texts make equal zips, whenever they are made.
  return Buffer.from(zipSync(Object.fromEntries(entries), { mtime: '1990-01-01' }));
}

export const packageOf = (component: TestComponent) => zipOf({ 'index.js': bundleOf(component) });
export const sha1 = (bytes: Buffer) => createHash('sha1').update(bytes).digest('hex');

/** What `publishComponent` is sent for such a component. */
export function definitionOf({ key, actions = ['run'], isPublic = false, yaml }: TestComponent) {
  return {
    definition: {
      key,
      public: isPublic,
      display: display(key),
      ...(yaml !== undefined && { forCodeNativeIntegration: true }),
    },
    actions: actions.map((action) => ({
      key: action,
      display: display(action),
      inputs: [],
      examplePayload: '{}',
    })),
    triggers: [],
    dataSources: [],
    connections: [],
  };
}

export interface Published {
  component: { id: string; versionNumber: number };
  packageUploadUrl: string;
  iconUploadUrl: string;
  sourceUploadUrl: string;
}

const PUBLISH = `mutation ($input: PublishComponentInput!) { publishComponent(input: $input) {
  publishResult { component { id versionNumber } packageUploadUrl iconUploadUrl sourceUploadUrl }
  errors { field messages } } }`;

/** Publishes as the command line does; answers the addresses for what belongs to the version, or the errors. */
export async function publish(
  server: { apiUrl: string; accessToken: string },
  input: Record<string, unknown>,
): Promise<{ result: Published | null; errors: { field: string; messages: string[] }[] }> {
  const { body } = await graphqlClient(server, server.accessToken)(PUBLISH, { input });
  const answer = body.data?.['publishComponent'];
  if (!answer) throw new Error(`publishComponent failed: ${JSON.stringify(body)}`);
  return { result: answer['publishResult'] as never, errors: answer['errors'] as never };
}

/** Sends bytes to an address; answers status and body. */
export async function put(url: string, bytes: Buffer): Promise<{ status: number; body: string }> {
  const response = await fetch(url, { method: 'PUT', body: new Uint8Array(bytes) });
  return { status: response.status, body: await response.text() };
}

/** Publishes a component with its package; answers how the upload ended. */
export async function publishPackage(
  server: { apiUrl: string; accessToken: string },
  component: TestComponent,
  bytes: Buffer = packageOf(component),
): Promise<Published & { upload: { status: number; body: string } }> {
  const { result, errors } = await publish(server, definitionOf(component));
  if (!result) throw new Error(`publishComponent was refused: ${JSON.stringify(errors)}`);
  return { ...result, upload: await put(result.packageUploadUrl, bytes) };
}
