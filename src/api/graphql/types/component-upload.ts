import { randomUUID } from 'node:crypto';
import type { Deps } from '../../../services/context';
import { ICON } from '../../../services/media/find-icon';
import type { ComponentVersion } from '../../../store/models/component-version.model';
import { uploadUrl } from '../../uploads/upload-token';

interface ConnectionIconUrl {
  connectionKey: string;
  iconUploadUrl: string;
}

/** Where a publisher sends what belongs to a version. Connections without an icon have no address: `prism` relies on it. */
export function publishResultOf(deps: Pick<Deps, 'env'>, version: ComponentVersion, connections: unknown[]) {
  const { _id: versionId } = version;
  const imageUrl = (purpose: string) => {
    const organizationId = version.organizationId ?? '';
    return uploadUrl(deps, { kind: 'image', mediaId: randomUUID(), organizationId, versionId, purpose });
  };
  const urlsOf = (field: 'iconPath' | 'avatarIconPath'): ConnectionIconUrl[] =>
    (connections as Record<string, unknown>[])
      .filter((connection) => Boolean(connection[field]))
      .map(({ key }) => {
        const connectionKey = String(key);
        return { connectionKey, iconUploadUrl: imageUrl(`connection/${connectionKey}/${field}`) };
      });
  return {
    component: version,
    packageUploadUrl: uploadUrl(deps, { kind: 'package', versionId }),
    iconUploadUrl: imageUrl(ICON),
    sourceUploadUrl: uploadUrl(deps, { kind: 'source', versionId }),
    connectionIconUploadUrls: urlsOf('iconPath'),
    connectionAvatarIconUploadUrls: urlsOf('avatarIconPath'),
  };
}
