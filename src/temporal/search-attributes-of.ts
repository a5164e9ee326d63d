import { TypedSearchAttributes } from '@temporalio/common';
import type { DriverStart } from './gateway';
import { SEARCH_ATTRIBUTES } from './search-attribute-keys';

/** What a workflow can be found by; a scheduled run has no execution id when it is started. */
export function searchAttributesOf(
  executions: readonly (Pick<
    DriverStart,
    'instanceId' | 'customerId' | 'integrationId' | 'flowId' | 'versionId' | 'invokeType'
  > & { executionId?: string })[],
): TypedSearchAttributes {
  const distinct = (pick: (one: (typeof executions)[number]) => string | null | undefined): string[] => [
    ...new Set(executions.map(pick).filter((id): id is string => Boolean(id))),
  ];
  const lists = [
    { key: SEARCH_ATTRIBUTES.executionIds, value: distinct(({ executionId }) => executionId) },
    { key: SEARCH_ATTRIBUTES.instanceIds, value: distinct(({ instanceId }) => instanceId) },
    { key: SEARCH_ATTRIBUTES.customerIds, value: distinct(({ customerId }) => customerId) },
  ].filter(({ value }) => value.length > 0);
  const texts = [
    {
      key: SEARCH_ATTRIBUTES.integrationIds,
      value: distinct(({ integrationId }) => integrationId).join(' '),
    },
    { key: SEARCH_ATTRIBUTES.flowIds, value: distinct(({ flowId }) => flowId).join(' ') },
    { key: SEARCH_ATTRIBUTES.versionIds, value: distinct(({ versionId }) => versionId).join(' ') },
  ].filter(({ value }) => value !== '');
  const [trigger, ...otherTriggers] = distinct(({ invokeType }) => invokeType);
  return new TypedSearchAttributes([
    ...lists,
    ...texts,
    ...(trigger !== undefined && otherTriggers.length === 0
      ? [{ key: SEARCH_ATTRIBUTES.trigger, value: trigger }]
      : []),
  ]);
}
