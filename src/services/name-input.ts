import { z } from 'zod';

/** Longest name of anything, in characters: names stand in records, log lines and Temporal's summaries. */
const MOST_CHARACTERS = 200;

/** A name that people give; `what` is the thing with its article. */
export const nameInput = (what: string) =>
  z
    .string()
    .trim()
    .min(1, `${what} needs a name.`)
    .max(MOST_CHARACTERS, `A name has at most ${MOST_CHARACTERS} characters.`);
