import { builtins } from '../builtin';
import type { ComponentPin } from '../manifest';

/** What a runner calls of a component; the SDK's wrappers go by the number of arguments. */
export interface LoadedComponent {
  actions: Record<string, { perform?: (context: unknown, params: unknown) => unknown }>;
  triggers: Record<string, { perform?: (context: unknown, payload: unknown, params: unknown) => unknown }>;
}

const loaded = new Map<string, LoadedComponent>(
  builtins.map((component) => [component.key, component as unknown as LoadedComponent]),
);

/** The component that a pin names. Throws when this runner has no code for it. */
export function loadComponent(pin: ComponentPin): LoadedComponent {
  const component = pin.isPublic ? loaded.get(pin.key) : undefined;
  if (component !== undefined) return component;
  const kind = pin.isPublic ? 'public' : 'private';
  throw new Error(
    `The ${kind} component "${pin.key}" (version ${pin.version}) cannot be run: only built-in components can, for now.`,
  );
}
