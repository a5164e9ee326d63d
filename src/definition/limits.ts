/**
 * What a definition may cost to read. A large one has some 1 000 lines, 7 000 lexemes and 12 levels; these limits
 * leave room for thirty times that, and the cost of reading grows with the size of a text alone: 0.1 ms a line.
 */
export const LIMITS = {
  /** Characters of the whole text. */
  characters: 2_000_000,
  /** Lexemes of the text: names, values, indicators, line ends. */
  lexemes: 250_000,
  /** Nested mappings and lists, aliases followed. */
  depth: 200,
  /** Mappings, lists and scalars, each alias counted with all that it stands for. */
  nodes: 100_000,
  /** Characters of one name: of the integration, a flow, a step, a branch, a config variable. */
  nameCharacters: 1_000,
  /** Digits of one number: many more take longer to read than all the rest. */
  digits: 1_000,
  /** Characters of one cron expression. */
  cronCharacters: 1_000,
  /** Faults listed of each severity; further ones are only counted. */
  faults: 200,
  /** Missing and wrong values after which the rest of a definition is not looked at. */
  shapeFaults: 1_000,
  /** Names compared for one "did you mean". */
  candidates: 500,
} as const;
