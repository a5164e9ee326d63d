import { z } from 'zod';
import type { PlanConfigVar } from '../../engine/plan';
import { AppError, notFound } from '../../errors';
import { requireInstanceWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { namedVariables } from '../instances/config/named-variables';
import { findInstance } from '../instances/find-instance';
import { draftPlanOf } from '../instances/instance-plan';
import { parseInput } from '../parse-input';
import { callDataSource } from './call-data-source';
import { typeOfDataSource } from './type-of-data-source';

export const fetchVariableContentInput = z.object({ id: z.string(), key: z.string() });

/**
 * What the data source of a config variable offers for an instance as it is configured now: JSON text, with the
 * type that says its shape. Throws `not_found`, for users of a customer also where the organization's own variables
 * are asked for or with, and `invalid_state` for a variable without a data source.
 */
export async function fetchVariableContent(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof fetchVariableContentInput>,
): Promise<{ content: string; dataSourceType: string | null }> {
  const { id, key } = parseInput(fetchVariableContentInput, raw);
  const instance = await findInstance(deps, ctx, id);
  // It calls other systems with the instance's connections.
  requireInstanceWriter(ctx, instance);
  const { configVars } = await draftPlanOf(deps, instance);
  const variable = configVars.find((configVar) => configVar.key === key);
  const isHidden = ctx.actor.customerId !== null && variable && isOfOrganization(variable, configVars);
  if (variable === undefined || isHidden) throw notFound(`The config variable "${key}"`);
  const { dataSource } = variable;
  if (dataSource === undefined)
    throw new AppError('invalid_state', `The config variable "${key}" has no data source.`);
  const dataSourceType = await typeOfDataSource(deps, dataSource);
  const content = await callDataSource(deps, instance, {
    ...dataSource,
    ...(dataSourceType !== null && { dataSourceType }),
  });
  return { content, dataSourceType };
}

/** Whether a variable is the organization's alone, or its data source is asked with the value of one that is. */
function isOfOrganization({ orgOnly, dataSource }: PlanConfigVar, configVars: PlanConfigVar[]): boolean {
  const named = namedVariables(dataSource?.inputs);
  return orgOnly || configVars.some((configVar) => configVar.orgOnly && named.has(configVar.key));
}
