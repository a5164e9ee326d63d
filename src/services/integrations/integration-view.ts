import type { Integration } from '../../store/models/integration.model';
import type { IntegrationVersion } from '../../store/models/integration-version.model';

/** A draft or a published version in one shape. */
export interface IntegrationView {
  /** The id of the draft is the integration's own. */
  id: string;
  integrationId: string;
  kind: 'draft' | 'version';
  /** For a draft: the number of the newest published version, 0 before the first. */
  versionNumber: number;
  name: string;
  description: string;
  category: string;
  labels: string[];
  customerId: string | null;
  isCodeNative: boolean;
  avatarUrl: string | null;
  definition: string;
  versionCreatedAt: Date | null;
  /** A user's id. */
  versionCreatedBy: string | null;
  versionComment: string | null;
  isAvailable: boolean;
  /** Versions only: a draft is compiled when it is needed. */
  planId?: string;
}

/** The draft of an integration. */
export function viewOfDraft(integration: Integration): IntegrationView {
  return {
    id: integration._id,
    integrationId: integration._id,
    kind: 'draft',
    versionNumber: integration.latestVersionNumber,
    name: integration.name,
    description: integration.description,
    category: integration.category,
    labels: integration.labels,
    customerId: integration.customerId,
    isCodeNative: integration.isCodeNative ?? false,
    avatarUrl: integration.avatarUrl ?? null,
    definition: integration.definition,
    versionCreatedAt: null,
    versionCreatedBy: null,
    versionComment: null,
    isAvailable: false,
  };
}

/** A published version. */
export function viewOfVersion(version: IntegrationVersion): IntegrationView {
  return {
    id: version._id,
    integrationId: version.integrationId,
    kind: 'version',
    versionNumber: version.versionNumber,
    name: version.name,
    description: version.description,
    category: version.category,
    labels: version.labels,
    customerId: version.customerId,
    isCodeNative: version.isCodeNative ?? false,
    avatarUrl: version.avatarUrl ?? null,
    definition: version.definition,
    versionCreatedAt: version.createdAt,
    versionCreatedBy: version.createdBy,
    versionComment: version.comment,
    isAvailable: version.isAvailable,
    planId: version.planId,
  };
}
