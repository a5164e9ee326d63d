/**
 * Methods of built-in objects as they were when this module was loaded, which is before any component code: what the
 * guards of a runner decide must not depend on a prototype that such code can replace.
 */
const uncurried = Function.prototype.call.bind(Function.prototype.bind, Function.prototype.call) as <R>(
  method: (...args: never[]) => unknown,
) => R;

export const { apply } = Reflect;
const { defineProperty } = Reflect;
const { setPrototypeOf } = Object;
export const { isArray } = Array;
export const toLower = uncurried<(text: string) => string>(String.prototype.toLowerCase);
export const cut = uncurried<(text: string, from: number, to?: number) => string>(String.prototype.slice);
export const match = uncurried<(pattern: RegExp, text: string) => RegExpExecArray | null>(
  RegExp.prototype.exec,
);

/** A list without a prototype: nobody's setter sees what is put into it, nobody's element shows through. */
export function bareList<T>(): T[] {
  return setPrototypeOf([], null) as T[];
}

/** A table without a prototype. */
export function bareTable<T>(): Record<string, T | undefined> {
  return { __proto__: null } as unknown as Record<string, T | undefined>;
}

/** Puts a value at the end of any list, past setters that its prototype may have. */
export function append<T>(list: T[], value: T): void {
  const property = { __proto__: null, value, writable: true, enumerable: true, configurable: true };
  defineProperty(list, list.length, property as PropertyDescriptor);
}

/** Whether a list has the value. */
export function has<T>(list: readonly T[], value: T): boolean {
  for (let at = 0; at < list.length; at += 1) if (list[at] === value) return true;
  return false;
}

/** Whether a text begins with another. */
export function begins(text: string, beginning: string): boolean {
  return cut(text, 0, beginning.length) === beginning;
}
