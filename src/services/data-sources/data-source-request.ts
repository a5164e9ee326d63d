import type { ComponentPin } from '../../components/manifest';
import type { PlanInput } from '../../engine/plan';

/** What a worker is asked to call. */
export interface DataSourceRequest {
  component: ComponentPin;
  key: string;
  dataSourceType?: string;
  /** They read config variables only. */
  inputs: Record<string, PlanInput>;
}

/** What became of it: the JSON text of its result, or a message for whoever asked. */
export type DataSourceAnswer = { isDone: true; content: string } | { isDone: false; message: string };
