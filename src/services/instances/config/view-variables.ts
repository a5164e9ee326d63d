import type { PlanConfigVar, PlanConnectionField } from '../../../engine/plan';
import { uuidv5 } from '../../ids';
import { isRequired, missingOf } from './find-missing';
import type { OpenVariable } from './open-variables';

/** Stands for a secret that is set. */
export const MASK = '••••••••';

/** A config variable of an instance as readers see it. */
export interface ConfigVariableView {
  id: string;
  key: string;
  /** As in the definition, in lower case. */
  dataType: string;
  description: string;
  defaultValue: string | null;
  /** As set by hand; null when unset, and for connections. */
  value: string | null;
  /** The fields of a connection; passwords are masked. */
  inputs: { name: string; value: string }[];
  /** `PENDING`: a value is still missing. */
  status: 'ACTIVE' | 'PENDING';
  isRequired: boolean;
  isSet: boolean;
}

/** Shows the config variables of an instance, in the order of the definition. */
export function viewVariables(
  instanceId: string,
  configVars: PlanConfigVar[],
  open: Map<string, OpenVariable>,
): ConfigVariableView[] {
  return configVars.map((configVar) => {
    const { key, stableKey, dataType, description, defaultValue, connection } = configVar;
    const set = open.get(key);
    return {
      id: uuidv5(instanceId, `config-variable:${stableKey}`),
      key,
      dataType,
      description: description ?? '',
      defaultValue: defaultValue ?? null,
      value: set?.value ?? null,
      inputs: (connection?.fields ?? []).map((field) => viewField(field, set?.fields.get(field.key))),
      status: missingOf(configVar, set).length === 0 ? 'ACTIVE' : 'PENDING',
      isRequired: isRequired(configVar),
      isSet: set !== undefined,
    };
  });
}

function viewField({ key, type, value }: PlanConnectionField, set: string | undefined) {
  const text = set ?? value ?? '';
  return { name: key, value: type === 'password' && text !== '' ? MASK : text };
}
