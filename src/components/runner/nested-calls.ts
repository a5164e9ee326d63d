import { callEntry, takesPayload } from './call-entry';
import type { CallKind, PerformRequest, ReachableComponent, RunStates } from './contract';
import { isBuiltIn, loadComponent } from './load-component';

/** How the SDK names another component's action or trigger. */
interface Reference {
  component?: { key?: unknown; signature?: unknown; isPublic?: unknown };
  key?: unknown;
  triggerEventFunctionName?: unknown;
}

type Invoke = (reference: Reference, context: object, values?: Record<string, unknown> | null) => unknown;
type InvokeTrigger = (
  reference: Reference,
  context: object,
  payload: unknown,
  params?: Record<string, unknown> | null,
) => unknown;

export interface NestedCalls {
  invoke: Invoke;
  invokeTrigger: InvokeTrigger;
}

const EVENTS = new Set<unknown>(['onInstanceDeploy', 'onInstanceDelete', 'webhookCreate', 'webhookDelete']);

/**
 * The functions by which a code-native bundle calls components that it has no code of: in this process, as part
 * of the same call. States that such a call returns count as the run's.
 */
export function nestedCalls(components: ReachableComponent[], states: RunStates): NestedCalls {
  const call = async (
    reference: Reference,
    context: object,
    kind: CallKind,
    values: { params: Record<string, unknown>; payload?: unknown },
  ): Promise<unknown> => {
    const target = findComponent(reference, components);
    const request: PerformRequest = {
      component: target.pin,
      kind,
      key: String(reference.key),
      context: {},
      ...values,
    };
    const component = loadComponent(target.pin, target.bundlePath, 'ignore');
    const result = await callEntry(component, request, { ...context, ...states });
    keepStates(states, result);
    return result;
  };
  return {
    invoke: async (reference, context, values) =>
      call(reference, context, 'action', { params: values ?? {} }),
    invokeTrigger: async (reference, context, payload, params) => {
      const kind = kindOf(reference);
      return call(reference, context, kind, {
        params: params ?? {},
        ...(takesPayload(kind) ? { payload } : {}),
      });
    },
  };
}

function kindOf({ triggerEventFunctionName: name }: Reference): CallKind {
  if (name === undefined || name === 'perform') return 'trigger';
  if (EVENTS.has(name)) return name as CallKind;
  throw new Error(
    `A component's code asked for the function "${String(name)}" of a trigger, which there is not.`,
  );
}

/** By signature, else by key: references to the latest version have none. */
function findComponent({ component }: Reference, reachable: ReachableComponent[]): ReachableComponent {
  const { key, signature, isPublic } = component ?? {};
  const isMeant = ({ pin }: ReachableComponent) => pin.key === key && pin.isPublic === (isPublic === true);
  const found =
    (typeof signature === 'string' && signature !== ''
      ? reachable.find(({ pin }) => pin.signature === signature)
      : undefined) ?? reachable.find(isMeant);
  if (found !== undefined) return found;
  if (typeof key === 'string' && isPublic === true && isBuiltIn(key))
    return { pin: { key, isPublic, version: 0, signature: '' } };
  throw new Error(
    `Component "${String(key)}" cannot be called from here: it is not built in, and the integration's definition names no package of it.`,
  );
}

/** Top-level keys go over the present ones, where every later step of the call sees them. */
function keepStates(states: RunStates, result: unknown): void {
  if (typeof result !== 'object' || result === null) return;
  for (const [level, state] of Object.entries(states) as [keyof RunStates, Record<string, unknown>][]) {
    const returned = (result as Partial<Record<keyof RunStates, unknown>>)[level];
    if (typeof returned === 'object' && returned !== null) Object.assign(state, returned);
  }
}
