import { type Connection, Schema } from 'mongoose';

/** A compiled plan, addressed by its content. Kept as JSON text: plan keys may hold dots and dollars. */
export interface PlanDocument {
  /** Hex SHA-256 of `json`. */
  _id: string;
  json: string;
  createdAt: Date;
}

const schema = new Schema<PlanDocument>({
  _id: { type: String, required: true },
  json: { type: String, required: true },
  createdAt: { type: Date, required: true },
});

export const planModel = (connection: Connection) => connection.model<PlanDocument>('Plan', schema, 'plans');
