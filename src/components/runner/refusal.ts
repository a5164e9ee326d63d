import type { PerformError, PerformRequest } from './contract';

/**
 * The status that a built-in trigger refuses a request with: `httpStatus` of what it threw, 400 to 499. Of packages
 * it means nothing: their errors may carry any field, and an error of a trigger is a failure of the flow.
 */
export function refusalIn(
  thrown: unknown,
  { kind, bundlePath }: PerformRequest,
): Pick<PerformError, 'httpStatus'> {
  if (kind !== 'trigger' || bundlePath !== undefined) return {};
  const status = (thrown as { httpStatus?: unknown } | null | undefined)?.httpStatus;
  const isRefusal = Number.isInteger(status) && Number(status) >= 400 && Number(status) <= 499;
  return isRefusal ? { httpStatus: Number(status) } : {};
}
