import type { Plan, PlanConfigVar, PlanConnection, PlanConnectionField } from '../../engine/plan';
import type {
  ConnectionTemplate,
  ConnectionTemplateName,
  DeployedTemplate,
} from '../../store/models/connection-template.model';
import type { Sealer } from '../../store/sealer';
import { OAUTH_ADDRESSES } from '../connections/oauth-settings';
import { openFields } from '../shared-connections/shared-variable';

type WithVariables = Pick<Plan, 'configVars'>;

/** The presets that a plan names. A shared connection takes the place of one. */
export function namedTemplates({ configVars }: WithVariables): ConnectionTemplateName[] {
  return configVars.flatMap((configVar) => templateOf(configVar) ?? []);
}

/**
 * The plan with the values of presets in the fields that the definition gives none; a value that an instance was
 * given by hand counts before them. Users of a customer neither see nor set what is given so. The plan itself stays.
 */
export function placeTemplates<P extends WithVariables>(
  sealer: Sealer,
  plan: P,
  templates: readonly (ConnectionTemplate | DeployedTemplate)[] = [],
): P {
  if (templates.length === 0) return plan;
  const configVars = plan.configVars.map((configVar): PlanConfigVar => {
    const named = templateOf(configVar);
    const template = named && templates.find((one) => isSame(one, named));
    if (!template || !configVar.connection) return configVar;
    const values = openFields(sealer, template.sealedInputs);
    return { ...configVar, connection: placeIn(configVar.connection, template._id, values) };
  });
  return { ...plan, configVars };
}

function templateOf({ connection, sharedConnection }: PlanConfigVar): ConnectionTemplateName | undefined {
  if (!connection?.template || sharedConnection !== undefined) return undefined;
  const { key, component, template: name } = connection;
  return { name, connection: key, component: { key: component.key, isPublic: component.isPublic } };
}

const isSame = (a: ConnectionTemplateName, b: ConnectionTemplateName): boolean =>
  a.name === b.name &&
  a.connection === b.connection &&
  a.component.key === b.component.key &&
  a.component.isPublic === b.component.isPublic;

function placeIn(
  connection: PlanConnection,
  templateId: string,
  values: ReadonlyMap<string, string>,
): PlanConnection {
  const given = connection.fields.filter((field) => isOpen(field) && values.has(field.key));
  // What the secret is sent to is not for whoever sets up the instance: they would get it.
  const isSecretGiven =
    connection.oauth2Type !== undefined && given.some(({ key }) => key === 'clientSecret');
  const fields = connection.fields.map((field): PlanConnectionField => {
    const isAddress = isSecretGiven && OAUTH_ADDRESSES.includes(field.key);
    const value = given.includes(field) ? values.get(field.key) : undefined;
    if (!isAddress && value === undefined) return field;
    return {
      ...field,
      setBy: 'organization',
      ...(isAddress && { isFixed: true }),
      ...(value !== undefined && { value, isPreset: true }),
    };
  });
  return { ...connection, templateId, fields };
}

/** Whether the definition says nothing of a field. */
const isOpen = ({ value, isDefault }: PlanConnectionField): boolean =>
  isDefault === true || (value ?? '') === '';
