/** Whether an optional field was given: doors pass both null and nothing for "not given". */
export function isGiven<T>(value: T): value is NonNullable<T> {
  return value !== null && value !== undefined;
}
