import type { PlanDataSource } from '../../engine/plan';
import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Deps } from '../context';

/** The type that a component declares for a data source; null when it is not known any more. */
export async function typeOfDataSource(
  deps: Pick<Deps, 'store'>,
  { key, component }: Pick<PlanDataSource, 'key' | 'component'>,
): Promise<string | null> {
  const { signature, isPublic } = component;
  const found = await deps.store.componentVersions
    .findOne({ key: component.key, isPublic, signature }, { manifest: 1 })
    .lean<Pick<ComponentVersion, 'manifest'>>();
  return found?.manifest.dataSources?.[key]?.dataSourceType ?? null;
}
