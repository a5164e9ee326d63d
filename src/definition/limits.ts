/**
 * What a definition may cost to read. The largest public definitions have some 2 000 lines and 12 levels; these
 * limits leave room for fifty times that and keep the reading of a hostile file to a few seconds.
 */
export const LIMITS = {
  /** Characters of the whole text. */
  characters: 2_000_000,
  /** Nested mappings and lists, aliases followed. */
  depth: 200,
  /** Mappings, lists and scalars, each alias counted with all that it stands for. */
  nodes: 200_000,
  /** Faults listed of each severity; further ones are only counted. */
  faults: 200,
  /** Names compared for one "did you mean". */
  candidates: 500,
} as const;
