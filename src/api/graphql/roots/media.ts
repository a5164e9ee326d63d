import { randomUUID } from 'node:crypto';
import { requireWriter } from '../../../services/authorize';
import { mediaUrl } from '../../uploads/media-router';
import { uploadUrl } from '../../uploads/upload-token';
import type { FieldsOf } from '../fields';

interface UploadMediaArgs {
  objectId: string;
  fileName: string;
  mediaType: 'ATTACHMENT' | 'AVATAR';
}

export const mediaQueries: FieldsOf<unknown> = {
  uploadMedia: (_, { objectId, mediaType }: UploadMediaArgs, { deps, ctx }) => {
    requireWriter(ctx);
    if (mediaType !== 'AVATAR')
      return { uploadUrl: null, objectUrl: null, error: 'Only media of the type AVATAR is taken.' };
    const mediaId = randomUUID();
    const { organizationId } = ctx.actor;
    const target = { kind: 'image', mediaId, organizationId, versionId: null, purpose: objectId } as const;
    return { uploadUrl: uploadUrl(deps, target), objectUrl: mediaUrl(deps, mediaId), error: null };
  },
};
