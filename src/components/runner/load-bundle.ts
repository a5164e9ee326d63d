import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { goTo } from './temp-roots';

/** What a runner calls of a component; the SDK's wrappers go by the number of arguments. */
export interface LoadedEntry {
  inputs?: LoadedInput[] | null;
  perform?: unknown;
  [name: string]: unknown;
}

export interface LoadedInput {
  key: string;
  type: string;
  collection?: string | null;
  default?: unknown;
  /** Of inputs that hold code. */
  language?: string | null;
  scope?: string | null;
}

/** The default export of a component's module. */
export interface LoadedComponent {
  actions: Record<string, LoadedEntry>;
  triggers: Record<string, LoadedEntry>;
  dataSources: Record<string, LoadedEntry>;
  /** Set for code-native integrations. */
  codeNativeIntegrationYAML?: string;
}

/**
 * Runs a bundle's module and gives its default export. The working directory is the bundle's folder meanwhile:
 * code-native bundles look for files beside them while they load. Throws what the module throws, and when it
 * exports no component.
 */
export function loadBundle(path: string): LoadedComponent {
  const exported: unknown = inFolder(dirname(path), () => createRequire(path)(path) as unknown);
  const component = asObject(asObject(exported)?.['default']);
  if (component === undefined)
    throw new Error('The bundle has no component: its module exports nothing as "default".');
  return component as unknown as LoadedComponent;
}

function inFolder<T>(folder: string, run: () => T): T {
  let before: string;
  try {
    before = goTo(process.cwd());
    process.chdir(folder);
  } catch {
    // Node's permission model may refuse the way there; the module is loaded all the same.
    return run();
  }
  try {
    return run();
  } finally {
    process.chdir(before);
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
