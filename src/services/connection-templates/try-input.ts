import { type FieldFault, isAppError } from '../../errors';

/** What came of a try, or what was wrong with its input. */
export interface Tried<T> {
  value?: T;
  faults: FieldFault[];
}

/** Lets faults of an input be reported with others; throws any other error. */
export async function tryInput<T>(run: () => T | Promise<T>): Promise<Tried<T>> {
  try {
    return { value: await run(), faults: [] };
  } catch (error) {
    if (!isAppError(error) || error.code !== 'invalid_input') throw error;
    return { faults: error.faults };
  }
}
