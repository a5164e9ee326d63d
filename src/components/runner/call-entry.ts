import type { CallKind, PerformRequest } from './contract';
import { fillDefaults } from './fill-defaults';
import type { LoadedComponent, LoadedEntry } from './load-bundle';

type TwoArguments = (context: unknown, second: unknown) => unknown;
type ThreeArguments = (context: unknown, payload: unknown, params: unknown) => unknown;

/** Functions of a trigger that look into what it gave. */
const LOOKING = new Set<CallKind>([
  'resolveTriggerItems',
  'getNextPaginationState',
  'resolveOnDeployItems',
  'getOnDeployNextPaginationState',
]);

/**
 * Calls what a request names, with the number of arguments that the SDK's wrappers go by. A function that a
 * trigger may lack gives undefined when it does: generated triggers announce more than they have.
 */
export async function callEntry(
  component: LoadedComponent,
  { component: pin, kind, key, params, payload, stepResults }: PerformRequest,
  context: unknown,
): Promise<unknown> {
  const entry = findEntry(component, kind, key);
  if (entry === undefined) throw new Error(`Component "${pin.key}" has no ${nounOf(kind)} "${key}".`);
  const called = entry[isPerform(kind) ? 'perform' : kind];
  if (typeof called !== 'function') {
    if (isPerform(kind)) throw new Error(`${nounOf(kind)} "${key}" of "${pin.key}" cannot be performed.`);
    return undefined;
  }
  if (LOOKING.has(kind)) return (called as TwoArguments).call(entry, context, payload);
  const isCodeNative = kind === 'action' && typeof component.codeNativeIntegrationYAML === 'string';
  const given = isCodeNative ? { ...stepResults, ...params } : params;
  const filled = fillDefaults(entry.inputs, given, { isFirstSync: kind === 'onDeployPerform' });
  return takesPayload(kind)
    ? (called as ThreeArguments).call(entry, context, payload, filled)
    : (called as TwoArguments).call(entry, context, filled);
}

/** Whether a call is of a trigger's kind that gets and gives a payload. */
export const takesPayload = (kind: CallKind): boolean => kind === 'trigger' || kind === 'onDeployPerform';

const isPerform = (kind: CallKind): boolean =>
  kind === 'action' || kind === 'trigger' || kind === 'dataSource';

/** The action, trigger or data source that a call names, if the component has it. */
export function findEntry(component: LoadedComponent, kind: CallKind, key: string): LoadedEntry | undefined {
  const table =
    kind === 'action'
      ? component.actions
      : kind === 'dataSource'
        ? component.dataSources
        : component.triggers;
  return table && Object.hasOwn(table, key) ? table[key] : undefined;
}

const nounOf = (kind: CallKind): string =>
  kind === 'action' ? 'action' : kind === 'dataSource' ? 'data source' : 'trigger';
