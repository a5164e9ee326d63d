import { z } from 'zod';
import type { Instance } from '../../store/models/instance.model';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { findInstance } from './find-instance';

export const getInstanceInput = z.object({ id: z.string() });

/** One instance; its config variables are sealed, `listConfigVariables` shows them. Throws `not_found`. */
export async function getInstance(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof getInstanceInput>,
): Promise<Instance> {
  const { id } = parseInput(getInstanceInput, raw);
  return findInstance(deps, ctx, id);
}
