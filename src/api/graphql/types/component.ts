import type { ActionManifest, InputManifest, TriggerManifest } from '../../../components/manifest';
import { statusOf } from '../../../services/components/component-status';
import { findIcon } from '../../../services/media/find-icon';
import type { ComponentVersion } from '../../../store/models/component-version.model';
import { mediaUrl } from '../../uploads/media-router';
import { listConnection, type PageArgs } from '../connection';
import { type FieldsOf, same } from '../fields';
import { toGlobalId } from '../global-id';
import type { ActionKind, ActionSource, ConnectionSource } from '../sources';
import { type ConnectionTemplateArgs, connectionTemplatesOf } from './connection-template';

interface ActionArgs extends PageArgs {
  isTrigger?: boolean | null;
  isDataSource?: boolean | null;
  key?: string | null;
}

export const componentFields: FieldsOf<ComponentVersion> = {
  ...same<ComponentVersion>('key', 'versionNumber', 'signature'),
  id: (component) => toGlobalId('Component', component._id),
  public: (component) => component.isPublic,
  label: ({ manifest }) => manifest.display.label,
  description: describe,
  category: ({ manifest }) => manifest.display.category,
  documentationUrl: ({ manifest }) => manifest.documentationUrl,
  versionIsLatest: (component) => component.isLatest,
  versionCreatedAt: (component) => component.createdAt,
  versionCreatedBy: ({ createdBy }, _args, { load }) => (createdBy ? load.user(createdBy) : null),
  versionComment: (component) => component.comment ?? '',
  attributes: (component) => component.attributes,
  status: (component) => statusOf(component).status.toUpperCase(),
  statusReason: (component) => statusOf(component).reason,
  customer: ({ customerId }, _args, { load }) => (customerId ? load.customer(customerId) : null),
  iconUrl: async (component, _args, { deps }) => {
    const id = await findIcon(deps, component._id);
    return id === null ? null : mediaUrl(deps, id);
  },
  forCodeNativeIntegrations: (component) => component.isCodeNative ?? false,
  actions: (component, args: ActionArgs) => listConnection(actionsOf(component, args), args),
  connections: (component, args: PageArgs) =>
    listConnection(
      component.manifest.connections.map((connection): ConnectionSource => ({ component, connection })),
      args,
    ),
};

/** Command lines show no status: what keeps a version from being used must stand where they look. */
function describe(component: ComponentVersion): string {
  const { description } = component.manifest.display;
  const { status, reason } = statusOf(component);
  return status === 'ready' ? description : `${status.toUpperCase()}: ${reason} ${description}`;
}

function actionsOf(
  component: ComponentVersion,
  { isTrigger, isDataSource, key }: ActionArgs,
): ActionSource[] {
  const { actions, triggers, dataSources } = component.manifest;
  const all: [ActionKind, ActionManifest[]][] = [
    ['action', valuesOf(actions)],
    ['trigger', valuesOf(triggers)],
    ['dataSource', valuesOf(dataSources)],
  ];
  return all
    .filter(([kind]) => isTrigger == null || isTrigger === (kind === 'trigger'))
    .filter(([kind]) => isDataSource == null || isDataSource === (kind === 'dataSource'))
    .flatMap(([kind, list]) => list.map((action) => ({ component, kind, action })))
    .filter(({ action }) => key == null || key === action.key);
}

/** Empty maps may be missing from stored manifests. */
function valuesOf<T>(map: Record<string, T> | undefined): T[] {
  return Object.values(map ?? {});
}

export const actionFields: FieldsOf<ActionSource> = {
  id: ({ component, kind, action }) => toGlobalId('Action', `${component._id}/${kind}/${action.key}`),
  key: ({ action }) => action.key,
  label: ({ action }) => action.label,
  description: ({ action }) => action.description,
  isTrigger: ({ kind }) => kind === 'trigger',
  isDataSource: ({ kind }) => kind === 'dataSource',
  isPollingTrigger: (source) => triggerOf(source)?.isPollingTrigger ?? false,
  scheduleSupport: (source) => triggerOf(source)?.scheduleSupport.toUpperCase(),
  synchronousResponseSupport: (source) => triggerOf(source)?.synchronousResponseSupport.toUpperCase(),
  dataSourceType: ({ action }) => action.dataSourceType?.toUpperCase(),
  detailDataSource: () => null,
  allowsBranching: ({ action }) => action.allowsBranching ?? false,
  staticBranchNames: ({ action }) => action.staticBranchNames,
  terminateExecution: ({ action }) => action.terminateExecution ?? false,
  breakLoop: ({ action }) => action.breakLoop ?? false,
  component: ({ component }) => component,
  inputs: ({ action }, args: PageArgs) => listConnection(action.inputs, args),
};

function triggerOf({ kind, action }: ActionSource): TriggerManifest | null {
  return kind === 'trigger' ? (action as TriggerManifest) : null;
}

export const connectionFields: FieldsOf<ConnectionSource> = {
  id: ({ component, connection }) => toGlobalId('Connection', `${component._id}/${connection.key}`),
  key: ({ connection }) => connection.key,
  label: ({ connection }) => connection.label,
  comments: ({ connection }) => connection.comments,
  oauth2Type: ({ connection }) => connection.oauth2Type?.toUpperCase(),
  component: ({ component }) => component,
  inputs: ({ connection }, args: PageArgs) => listConnection(connection.inputs, args),
  templates: ({ component: { key, isPublic }, connection }, args: ConnectionTemplateArgs, request) =>
    connectionTemplatesOf(request, args, { component: { key, isPublic }, connection: connection.key }),
};

export const inputFields: FieldsOf<InputManifest> = {
  ...same<InputManifest>('key', 'label', 'comments', 'placeholder', 'example', 'language'),
  type: (input) => input.type.toUpperCase(),
  collection: (input) => input.collection?.toUpperCase(),
  required: (input) => input.required ?? false,
  default: ({ default: value }) =>
    value === undefined || typeof value === 'string' ? value : JSON.stringify(value),
  onPremiseControlled: (input) => input.onPremiseControlled ?? false,
  shown: (input) => input.shown ?? true,
  model: (input) => input.model && JSON.stringify(input.model),
};
