import { type Connection, Schema } from 'mongoose';
import { type SealedField, sealedFields } from './shared-connection.model';

/** What says which preset of which kind of connection is meant. */
export interface ConnectionTemplateName {
  /** Whose kind of connection it is. */
  component: { key: string; isPublic: boolean };
  /** Key of the kind within the component. */
  connection: string;
  name: string;
}

/** Values for some fields of a kind of connection; definitions name it as `template` of a connection. */
export interface ConnectionTemplate extends ConnectionTemplateName {
  _id: string;
  organizationId: string;
  /** JSON of the kind of connection, as plans hold it: of the component's version at the last change. */
  kind: string;
  sealedInputs: SealedField[];
  createdAt: Date;
  updatedAt: Date;
}

/** A preset as it was when a configuration that names it was deployed. */
export type DeployedTemplate = Pick<
  ConnectionTemplate,
  '_id' | 'component' | 'connection' | 'name' | 'sealedInputs' | 'updatedAt'
>;

const named = {
  component: { key: { type: String, required: true }, isPublic: { type: Boolean, required: true } },
  connection: { type: String, required: true },
  name: { type: String, required: true },
  sealedInputs: sealedFields,
  updatedAt: { type: Date, required: true },
};

/** Of {@link DeployedTemplate}. */
export const deployedTemplateSchema = new Schema<DeployedTemplate>({
  _id: { type: String, required: true },
  ...named,
});

const schema = new Schema<ConnectionTemplate>({
  _id: { type: String, required: true },
  organizationId: { type: String, required: true },
  kind: { type: String, required: true },
  ...named,
  createdAt: { type: Date, required: true },
});
schema.index(
  { organizationId: 1, name: 1, connection: 1, 'component.key': 1, 'component.isPublic': 1 },
  { unique: true },
);

export const connectionTemplateModel = (connection: Connection) =>
  connection.model<ConnectionTemplate>('ConnectionTemplate', schema, 'connection_templates');
