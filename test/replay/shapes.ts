import { BATCH_SHAPES } from './shapes/batch';
import { DRIVER_SHAPES } from './shapes/driver';
import { QUEUE_SHAPES } from './shapes/queue';
import type { Shape } from './shapes/shape';
import { CALL_SHAPES } from './shapes/single-call';
import { WOKEN_SHAPES } from './shapes/woken-driver';

/** Every way that a workflow of ours can go; the file names of the recorded histories. */
export const SHAPES: Record<string, Shape> = {
  ...DRIVER_SHAPES,
  ...WOKEN_SHAPES,
  ...BATCH_SHAPES,
  ...QUEUE_SHAPES,
  ...CALL_SHAPES,
};
