import type { Deps } from '../../context';
import { onePer } from '../../one-per';
import { Gatherer } from './gatherer';

/** The gatherer of this process. */
export const gathererOf = onePer((deps: Deps) => new Gatherer(deps));
