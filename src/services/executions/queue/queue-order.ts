/** Digits of a time in milliseconds until the year 10889. */
const DIGITS = 15;

/** Sorts by time, and within a millisecond by the execution's id, which rises within a process. */
export function queueOrder(acceptedAt: Date, executionId: string): string {
  return `${String(acceptedAt.getTime()).padStart(DIGITS, '0')}-${executionId}`;
}

/** The same for a run that was cut from another's items: behind it, and by page and place. */
export function memberOrder(of: { acceptedAt: Date; _id: string }, page: number, place: number): string {
  const digits = (count: number) => String(count).padStart(8, '0');
  return `${queueOrder(of.acceptedAt, of._id)}-${digits(page)}-${digits(place)}`;
}
