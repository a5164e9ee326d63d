import type { Deps } from '../../context';
import { Gatherer } from './gatherer';

const gatherers = new WeakMap<Deps, Gatherer>();

/** The gatherer of this process; made when first asked for. */
export function gathererOf(deps: Deps): Gatherer {
  const known = gatherers.get(deps);
  if (known) return known;
  const gatherer = new Gatherer(deps);
  gatherers.set(deps, gatherer);
  return gatherer;
}
