import { invalidField, isAppError } from '../../../errors';
import { getComponent } from '../../../services/components/get-component';
import { fromGlobalId } from '../global-id';
import type { GraphqlRequest } from '../request';

/** The kind of connection that the id of a `Connection` names, as services take it. Throws `invalid_input`. */
export async function kindOfConnection({ deps, ctx }: GraphqlRequest, id: string, argument = 'connection') {
  const [componentId = '', ...key] = fromGlobalId('Connection', id, argument).split('/');
  try {
    const component = await getComponent(deps, ctx, { id: componentId });
    const { isPublic, versionNumber: version } = component;
    return { component: { key: component.key, isPublic, version }, connection: key.join('/') };
  } catch (error) {
    if (!isAppError(error) || error.code !== 'not_found') throw error;
    throw invalidField(
      argument,
      'There is no connection with this id: take one of `connections` of a component.',
    );
  }
}
