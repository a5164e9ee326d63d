type Perform = (...args: unknown[]) => Promise<Record<string, unknown>>;
type Kind = 'actions' | 'triggers' | 'dataSources';

/** A function of a component as a runner calls it: the SDK's wrapper cleans the inputs. */
export function performOf(component: unknown, kind: Kind, key: string): Perform {
  const found = (component as Record<Kind, Record<string, { perform: Perform } | undefined>>)[kind]?.[key];
  if (found === undefined) throw new Error(`There is no ${key} among the ${kind}.`);
  return found.perform;
}

/** Calls an action with an empty context and gives its result. */
export const callAction =
  (component: unknown) =>
  (key: string, params: Record<string, unknown>, context: object = {}): Promise<Record<string, unknown>> =>
    performOf(component, 'actions', key)(context, params);
