import { AppError } from '../../errors';

/** The types whose objects have ids that callers may send back. */
export type GlobalType =
  | 'Action'
  | 'Component'
  | 'Connection'
  | 'ConnectionTemplate'
  | 'Customer'
  | 'CustomerConfigVariable'
  | 'InputFieldTemplate'
  | 'Instance'
  | 'InstanceConfigVariable'
  | 'InstanceExecutionResult'
  | 'InstanceFlowConfig'
  | 'InstanceProfile'
  | 'InstanceStepResult'
  | 'Integration'
  | 'IntegrationFlow'
  | 'Log'
  | 'OnPremiseResource'
  | 'Organization'
  | 'RequiredConfigVariable'
  | 'Role'
  | 'ScopedConfigVariable'
  | 'User'
  | 'UserLevelConfig'
  | 'UserLevelConfigVariable';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id as callers of GraphQL see it: base64 of `Type:id`. Only this door knows the form. */
export function toGlobalId(type: GlobalType, id: string): string {
  return Buffer.from(`${type}:${id}`).toString('base64');
}

/**
 * The bare id behind a global one; a bare UUID is taken as it is. Throws `not_found`, naming the argument,
 * for an id of another type and for text that is no id at all.
 */
export function fromGlobalId(type: GlobalType, given: string, argument = 'id'): string {
  if (UUID.test(given)) return given.toLowerCase();
  const [, foundType, id] = /^(\w+):(.+)$/s.exec(Buffer.from(given, 'base64').toString('utf8')) ?? [];
  if (foundType === type && id) return id;
  const problem = foundType && id ? `names a ${foundType}` : 'is no id';
  const message = `${type} was not found: '${given.slice(0, 80)}' ${problem}.`;
  throw new AppError('not_found', message, { faults: [{ field: argument, messages: [message] }] });
}

/** As {@link fromGlobalId}; absent, null and empty text mean that nothing was asked for. */
export function fromOptionalId(
  type: GlobalType,
  given: string | null | undefined,
  argument?: string,
): string | undefined {
  return given ? fromGlobalId(type, given, argument) : undefined;
}
