import { readFileSync } from 'node:fs';
import { publish, put, zipOf } from './published-packages';

type Entries = Record<string, { examplePayload?: unknown }>;

/** What a build's default export offers, as the command line sends it. */
interface Exported {
  key: string;
  display: unknown;
  actions: Entries;
  triggers: Entries;
  dataSources: Entries;
  connections: unknown[];
}

/** Publishes a built package as the command line does, public or not; rejects when it is refused. */
export async function publishBuilt(
  server: { apiUrl: string; accessToken: string },
  builtFile: string,
  isPublic: boolean,
): Promise<void> {
  const { default: component } = (await import(builtFile)) as { default: Exported };
  const { key, display, actions, triggers, dataSources, connections } = component;
  const listOf = (entries: Entries) =>
    Object.values(entries).map((entry) => ({
      ...entry,
      examplePayload: JSON.stringify(entry.examplePayload ?? {}),
    }));
  const { result, errors } = await publish(server, {
    definition: { key, public: isPublic, display },
    actions: listOf(actions),
    triggers: listOf(triggers),
    dataSources: listOf(dataSources),
    connections,
  });
  if (!result) throw new Error(`Component "${key}" was refused: ${JSON.stringify(errors)}`);
  const upload = await put(result.packageUploadUrl, zipOf({ 'index.js': readFileSync(builtFile, 'utf8') }));
  if (upload.status !== 200) throw new Error(`The package of "${key}" was refused: ${upload.body}`);
}
