import type { ClientSession } from 'mongoose';
import type { Plan } from '../../engine/plan';
import type { ConnectionTemplate, DeployedTemplate } from '../../store/models/connection-template.model';
import type { Sealer } from '../../store/sealer';
import type { Deps } from '../context';
import { openFields, sealFields } from '../shared-connections/shared-variable';
import { namedTemplates } from './place-templates';

/** The presets of connections that a plan names and the organization has, as they stand now. */
export async function readTemplates(
  { store }: Pick<Deps, 'store'>,
  organizationId: string,
  plan: Pick<Plan, 'configVars'>,
  session: ClientSession | null = null,
): Promise<ConnectionTemplate[]> {
  const named = namedTemplates(plan);
  if (named.length === 0) return [];
  const any = named.map(({ component, connection, name }) => ({
    name,
    connection,
    'component.key': component.key,
    'component.isPublic': component.isPublic,
  }));
  return store.connectionTemplates
    .find({ organizationId, $or: any }, null, { session })
    .lean<ConnectionTemplate[]>();
}

/** The presets as a revision keeps them; sealed anew, so that a deploy moves them to the encryption key in use. */
export function templatesOfRevision(sealer: Sealer, all: ConnectionTemplate[]): DeployedTemplate[] {
  return all.map(({ _id, component, connection, name, sealedInputs, updatedAt }) => ({
    _id,
    component,
    connection,
    name,
    sealedInputs: sealFields(sealer, openFields(sealer, sealedInputs)),
    updatedAt,
  }));
}
