/** Every workflow type of Tenon. */
export { dataSourceCall } from './data-source-call';
export { flowBatch } from './flow-batch';
export { flowExecution } from './flow-execution';
export { flowQueue } from './flow-queue';
export { instanceLifecycle } from './instance-lifecycle';
