import type { PlanConnection } from '../../engine/plan';
import type { ConnectionTemplate } from '../../store/models/connection-template.model';
import { mayWriteInstance } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { viewField } from '../instances/config/view-variables';
import { openFields } from '../shared-connections/shared-variable';
import { deployedAmong } from './users-of-template';

/** A preset as readers see it. */
export type ConnectionTemplateView = Omit<ConnectionTemplate, 'sealedInputs' | 'kind'> & {
  kind: PlanConnection;
  /** The values that it gives; secret ones are masked. */
  inputs: { name: string; value: string }[];
  hasDeployedInstances: boolean;
  mayUpdate: boolean;
  /** Not while deployed instances have its values. */
  mayRemove: boolean;
};

/** Presets as readers see them. */
export async function viewConnectionTemplates(
  deps: Pick<Deps, 'store' | 'sealer'>,
  ctx: RequestContext,
  all: ConnectionTemplate[],
): Promise<ConnectionTemplateView[]> {
  const deployed = await deployedAmong(
    deps,
    all.map(({ _id }) => _id),
  );
  const mayUpdate = mayWriteInstance(ctx, { customerId: null });
  return all.map(({ sealedInputs, kind: json, ...rest }) => {
    const kind = JSON.parse(json) as PlanConnection;
    const hasDeployedInstances = deployed.has(rest._id);
    const inputs = [...openFields(deps.sealer, sealedInputs)].map(([key, text]) => {
      // A field that the component has no longer may have been a secret.
      const gone = { key, type: 'password', required: false };
      return viewField(kind.fields.find((field) => field.key === key) ?? gone, text);
    });
    return {
      ...rest,
      kind,
      inputs,
      hasDeployedInstances,
      mayUpdate,
      mayRemove: mayUpdate && !hasDeployedInstances,
    };
  });
}
