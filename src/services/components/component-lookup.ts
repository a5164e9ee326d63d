import type { ComponentLookup } from '../../definition';
import type { Deps } from '../context';
import { lookupIn } from './named-components';
import { readNamedComponents } from './read-named-components';

/** How definitions of an organization find the components with these keys, as they stand now. */
export async function componentLookup(
  deps: Pick<Deps, 'store'>,
  organizationId: string,
  scope: { keys: readonly string[]; customerId?: string | null },
): Promise<ComponentLookup> {
  return lookupIn(await readNamedComponents(deps, organizationId, scope));
}
