import { z } from 'zod';
import { notFound } from '../../errors';
import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { visibleComponents } from './visible-components';

export const getComponentInput = z.object({ id: z.string() });

/** One version of a component. Throws `not_found`. */
export async function getComponent(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof getComponentInput>,
): Promise<ComponentVersion> {
  const { id } = parseInput(getComponentInput, raw);
  const found = await deps.store.componentVersions
    .findOne({ $and: [{ _id: id }, visibleComponents(ctx)] })
    .lean<ComponentVersion>();
  if (!found) throw notFound('The component');
  return found;
}
