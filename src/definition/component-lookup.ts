import type { ComponentManifest, ComponentPin } from '../components/manifest';
import type { ComponentUse } from './schema';

/** What a definition asks for; without version and signature it never is: that means `LATEST`. */
export interface ComponentReference {
  key: string;
  isPublic: boolean;
  version?: number | 'LATEST';
  signature?: string;
}

export interface FoundComponent {
  manifest: ComponentManifest;
  pin: ComponentPin;
}

export interface MissingComponent {
  missing: 'component' | 'version';
  /** The newest version that there is. */
  newest?: number;
  /** Why one that was published cannot be used, in a sentence. */
  reason?: string;
  /** Keys of components that there are, as far as the lookup knows. */
  known?: readonly string[];
}

/** Finds the component that a reference means, or says what of it is missing. */
export type ComponentLookup = (reference: ComponentReference) => FoundComponent | MissingComponent;

/** A component reference as a lookup takes it. */
export function componentReference(use: ComponentUse): ComponentReference {
  const { key, isPublic, version, signature } = use;
  // The SDK writes an empty signature for a component whose manifest has none.
  if (!signature) return { key, isPublic, version: version ?? 'LATEST' };
  return { key, isPublic, signature, ...(version === undefined ? {} : { version }) };
}

/** The same lookup asked only once for each reference, so that one compilation sees one state of the registry. */
export function rememberLookups(lookup: ComponentLookup): ComponentLookup {
  const known = new Map<string, FoundComponent | MissingComponent>();
  return (reference) => {
    const { key, isPublic, version, signature } = reference;
    const id = JSON.stringify([key, isPublic, version, signature]);
    const before = known.get(id);
    if (before !== undefined) return before;
    const answer = lookup(reference);
    known.set(id, answer);
    return answer;
  };
}
