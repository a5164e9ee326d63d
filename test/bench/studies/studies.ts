import { border } from './border';
import { longLoop } from './long-loop';
import { packageLoads } from './package-loads';
import { queue } from './queue';
import { steps } from './steps';
import type { Study } from './study';

/** Everything that the bench can find out about the product alone. */
export const STUDIES: readonly Study[] = [steps, longLoop, packageLoads, border, queue];
