import type { KnownTemplate } from '../../definition';
import type { ConnectionTemplate } from '../../store/models/connection-template.model';
import type { Deps } from '../context';

/** The presets that an organization has of connections of these components, by name. */
export async function readKnownTemplates(
  { store }: Pick<Deps, 'store'>,
  organizationId: string,
  componentKeys: readonly string[],
): Promise<KnownTemplate[]> {
  const found = await store.connectionTemplates
    .find(
      { organizationId, 'component.key': { $in: [...componentKeys] } },
      { component: 1, connection: 1, name: 1 },
    )
    .sort({ name: 1, _id: 1 })
    .lean<Pick<ConnectionTemplate, 'component' | 'connection' | 'name'>[]>();
  return found.map(({ component: { key, isPublic }, connection, name }) => ({
    component: { key, isPublic },
    connection,
    name,
  }));
}
