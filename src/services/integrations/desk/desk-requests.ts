import type { Fault, KnownTemplate } from '../../../definition';
import type { NamedComponents } from '../../components/named-components';
import type { PlanText } from '../../plans/plan-text';

/** What can be asked about the text of a definition. Requests and answers are plain data: they cross threads. */
export interface DeskRequests {
  read: { text: string };
  check: Known & { text: string };
  compile: Known & { text: string; identities: string | null };
  export: { text: string; latestComponents: boolean };
  describe: { text: string; fields: { name?: string; description?: string } };
}

/** What a definition is checked against. */
export interface Known {
  components: NamedComponents;
  /** Presets of connections. */
  templates: readonly KnownTemplate[];
}

export interface DeskAnswers {
  read: Reading;
  /** All faults. */
  check: Fault[];
  compile: Compilation;
  /** The canonical text. */
  export: string;
  /** The text with other fields. */
  describe: string;
}

/** What must be known of a definition before it is checked. */
export interface Reading {
  /** Null when the text cannot be read. */
  name: string | null;
  componentKeys: string[];
  /** Names of presets of connections, each once. */
  templateNames: string[];
}

/** All faults, and what came of it when none of them is an error. */
export interface Compilation {
  faults: Fault[];
  compiled: CompiledDefinition | null;
}

/** A definition as it is stored beside its text. */
export interface CompiledDefinition {
  name: string;
  description: string;
  category: string;
  labels: string[];
  isCodeNative: boolean;
  plan: PlanText;
  /** JSON of who is who in it, to be stored with the draft. */
  identities: string;
}

/** Asks one thing and answers; throws what reading the text threw. */
export type Ask = <K extends keyof DeskRequests>(
  kind: K,
  request: DeskRequests[K],
) => Promise<DeskAnswers[K]>;
