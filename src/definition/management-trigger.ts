import type { Step } from './schema';

/** True for the triggers that start a flow when an instance is deployed or removed. */
export function isManagementTrigger(step: Step | undefined): boolean {
  const component = step?.action.component;
  return component?.key === 'management-triggers' && component.isPublic;
}
