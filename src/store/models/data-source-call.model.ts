import { type Connection, Schema } from 'mongoose';

/** A call of a data source on its way to a worker and back; it is gone a few minutes later. */
export interface DataSourceCall {
  _id: string;
  instanceId: string;
  /** Sealed JSON: component, key, type and compiled inputs. */
  sealedRequest: string;
  /** Sealed JSON of what became of it; null until a worker has called. */
  sealedAnswer: string | null;
  createdAt: Date;
}

const KEPT_SECONDS = 600;

const schema = new Schema<DataSourceCall>({
  _id: { type: String, required: true },
  instanceId: { type: String, required: true },
  sealedRequest: { type: String, required: true },
  sealedAnswer: { type: String, default: null },
  createdAt: { type: Date, required: true },
});
schema.index({ createdAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export const dataSourceCallModel = (connection: Connection) =>
  connection.model<DataSourceCall>('DataSourceCall', schema, 'data_source_calls');
