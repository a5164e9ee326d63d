import type { PerformRequest } from './contract';

/** Built-in components whose inputs may hold code. */
const RUN_CODE = new Set(['code', 'collection-tools']);

/** Of the built-ins, only few run what others wrote. */
export function runsForeignCode({ component, bundlePath }: PerformRequest): boolean {
  return bundlePath !== undefined || RUN_CODE.has(component.key) || !component.isPublic;
}
