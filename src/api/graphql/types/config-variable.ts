import type { ConfigVariableView } from '../../../services/instances/config/view-variables';
import { type FieldsOf, same } from '../fields';
import { toGlobalId } from '../global-id';

/** Arguments that lists of config variables take. A status may be written in any letter case. */
export interface StatusArgs {
  status?: string | null;
  status_In?: (string | null)[] | null;
}

/** The variables that have one of the statuses asked for. */
export function withStatus(variables: ConfigVariableView[], args: StatusArgs): ConfigVariableView[] {
  const { status, status_In: anyOf } = args;
  return variables.filter(
    (variable) =>
      (status == null || status.toUpperCase() === variable.status) &&
      (anyOf == null || anyOf.some((one) => one?.toUpperCase() === variable.status)),
  );
}

export const configVariableFields: FieldsOf<ConfigVariableView> = {
  ...same<ConfigVariableView>('value', 'status', 'statusReason', 'authorizeUrl'),
  ...same<ConfigVariableView>('refreshAt', 'lastSuccessfulRefreshAt'),
  id: (variable) => toGlobalId('InstanceConfigVariable', variable.id),
  requiredConfigVariable: (variable) => variable,
  inputs: (variable) => (isConnection(variable) ? { nodes: variable.inputs } : null),
  onPremiseResource: ({ onPremiseResourceId }, _args, { load }) =>
    onPremiseResourceId === null ? null : load.onPremiseResource(onPremiseResourceId),
  // Others hand out tokens here; ours stay where they are used.
  meta: (variable) => (isConnection(variable) ? '{}' : null),
};

export const requiredConfigVariableFields: FieldsOf<ConfigVariableView> = {
  ...same<ConfigVariableView>('key', 'defaultValue', 'description'),
  id: (variable) => toGlobalId('RequiredConfigVariable', variable.id),
  dataType: (variable) => variable.dataType.toUpperCase(),
  onPremiseConnectionConfig: (variable) => variable.onPremise.toUpperCase(),
  connectionTemplate: ({ templateId }, _args, { load }) =>
    templateId === null ? null : load.connectionTemplate(templateId),
};

function isConnection(variable: ConfigVariableView): boolean {
  return variable.dataType === 'connection';
}
