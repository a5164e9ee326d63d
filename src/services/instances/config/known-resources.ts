import { visibleTo } from '../../authorize';
import type { Deps, RequestContext } from '../../context';
import type { ConfigVariableView } from './view-variables';

/** The variables without the ids of on-premise resources that users of a customer do not see: the organization's. */
export async function withKnownResources(
  { store }: Pick<Deps, 'store'>,
  ctx: RequestContext,
  variables: ConfigVariableView[],
): Promise<ConfigVariableView[]> {
  const chosen = variables.flatMap(({ onPremiseResourceId }) => onPremiseResourceId ?? []);
  if (ctx.actor.customerId === null || chosen.length === 0) return variables;
  const known: unknown[] = await store.onPremiseResources.distinct('_id', {
    _id: { $in: chosen },
    ...visibleTo(ctx),
  });
  return variables.map((variable) =>
    known.includes(variable.onPremiseResourceId) ? variable : { ...variable, onPremiseResourceId: null },
  );
}
