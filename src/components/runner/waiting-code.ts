import type { PerformRequest } from './contract';

/** Built-in components that wait for what they ask others, and run no code or pattern of a flow. */
const WAITING = new Set(['http', 'customHttp', 'prismatic', 'cross-flow', 'recursive-flow']);

/** Whether a call runs nothing that can block its process or fill it: such calls share none with those that may. */
export const isWaitingCode = ({ component, bundlePath }: PerformRequest): boolean =>
  bundlePath === undefined && component.isPublic && WAITING.has(component.key);
