import { z } from 'zod';
import type { ConnectionTemplate } from '../../store/models/connection-template.model';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { findConnectionTemplate } from './find-connection-template';

export const getConnectionTemplateInput = z.object({ id: z.string() });

/** One preset of a connection; for users of the organization. Throws `not_found`. */
export async function getConnectionTemplate(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof getConnectionTemplateInput>,
): Promise<ConnectionTemplate> {
  const { id } = parseInput(getConnectionTemplateInput, raw);
  return findConnectionTemplate(deps, ctx, id);
}
