/** Every workflow type of Tenon. */
export { flowBatch } from './flow-batch';
export { flowExecution } from './flow-execution';
export { flowQueue } from './flow-queue';
