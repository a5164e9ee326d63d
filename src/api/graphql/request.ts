import type { Deps, RequestContext } from '../../services/context';
import { createLoaders, type Loaders } from './loaders';

/** What every field of one GraphQL request works with. */
export interface GraphqlRequest {
  deps: Deps;
  ctx: RequestContext;
  load: Loaders;
}

/** Begins a request; its loaders forget everything when it ends. */
export function createRequest(deps: Deps, ctx: RequestContext): GraphqlRequest {
  return { deps, ctx, load: createLoaders(deps, ctx) };
}
