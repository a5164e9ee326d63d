import type { Execution } from '../../../store/models/execution.model';

export const RESULT_TYPES = ['COMPLETED', 'ERROR', 'POLLED_NO_CHANGES', 'CANCELED_AS_DUPLICATE'] as const;
export type ResultType = (typeof RESULT_TYPES)[number];

const BY_STATUS: Partial<Record<Execution['status'], ResultType>> = { SUCCESS: 'COMPLETED', ERROR: 'ERROR' };

/** What came of an execution, as lists are filtered by it; undefined until it has ended. */
export function resultTypeOf({
  resultType,
  status,
}: Pick<Execution, 'resultType' | 'status'>): ResultType | undefined {
  return resultType ?? BY_STATUS[status];
}
