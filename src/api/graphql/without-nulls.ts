/** A list without its nulls: the SDL allows them where clients declare their variables so; they say nothing. */
export function withoutNulls<T>(list: (T | null)[] | null | undefined): T[] | null | undefined {
  return list?.filter((item) => item !== null);
}
