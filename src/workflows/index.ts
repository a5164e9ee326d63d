/** Every workflow type of Tenon. */
export { flowExecution } from './flow-execution';
