import { type Expression, type Node, type Pattern, type Program, parse } from 'acorn';

/** The second parameter of a code step: what it may read of the steps before it. */
const HANDLED_AS = 'stepResults';
/** Whoever has these can read anything without naming it. */
const OPAQUE = ['eval', 'Function', 'arguments'];
const OPAQUE_FOR_CONTEXT = new Set(OPAQUE);
/** The results are in the context, too. */
const OPAQUE_FOR_RESULTS = new Set([...OPAQUE, HANDLED_AS]);

/**
 * The step keys that a code step's text names in its second parameter; undefined where it may read others, too:
 * a text that does not say it plainly gets all results, as one that does would if it were written otherwise.
 */
export function codeReads(text: string): readonly string[] | undefined {
  return namedIn(text, 1, OPAQUE_FOR_RESULTS);
}

/** The members of the context that a code step's text names; undefined where it may read others, too. */
export function contextReads(text: string): readonly string[] | undefined {
  return namedIn(text, 0, OPAQUE_FOR_CONTEXT);
}

function namedIn(text: string, position: 0 | 1, opaque: ReadonlySet<string>): readonly string[] | undefined {
  try {
    return namedKeys(text, position, opaque);
  } catch {
    // It cannot be parsed, or is nested too deep: the step itself will say so.
    return undefined;
  }
}

function namedKeys(
  text: string,
  position: 0 | 1,
  opaque: ReadonlySet<string>,
): readonly string[] | undefined {
  const entry = exportedFunction(text);
  const parameter = entry?.params[position];
  if (!entry || entry.params.some(({ type }) => type === 'RestElement')) return undefined;
  const keys = new Set<string>();
  const name = parameter?.type === 'Identifier' ? parameter.name : undefined;
  const isPlain =
    (parameter === undefined || name !== undefined || addPattern(parameter, keys)) &&
    isNamedPlainly(entry.program, { name, parameter, opaque }, keys);
  // What every object has is no key of its own: `hasOwnProperty` asks for any other.
  return isPlain && ![...keys].some((key) => key in Object.prototype) ? [...keys] : undefined;
}

interface Entry {
  program: Program;
  params: readonly Pattern[];
}

/** Of `module.exports = (…) => …`, where nothing else is exported. */
function exportedFunction(text: string): Entry | undefined {
  const program = parse(text, {
    ecmaVersion: 'latest',
    sourceType: 'script',
    allowReturnOutsideFunction: true,
  });
  let mentions = 0;
  visit(program, undefined, (node, parent) => {
    if (isUse(node, parent, 'module')) mentions += 1;
  });
  const assigned = program.body.flatMap((statement) => {
    if (statement.type !== 'ExpressionStatement') return [];
    const { expression } = statement;
    return expression.type === 'AssignmentExpression' && isModuleExports(expression.left)
      ? [expression.right]
      : [];
  });
  const [entry] = assigned;
  if (!entry || mentions !== 1) return undefined;
  const isFunction = entry.type === 'ArrowFunctionExpression' || entry.type === 'FunctionExpression';
  return isFunction ? { program, params: entry.params } : undefined;
}

const isModuleExports = (node: Pattern | Expression): boolean =>
  node.type === 'MemberExpression' &&
  node.object.type === 'Identifier' &&
  node.object.name === 'module' &&
  nameOf(node) === 'exports';

interface Watched {
  /** Absent where the parameter is taken apart, or not there. */
  name: string | undefined;
  parameter: Node | undefined;
  opaque: ReadonlySet<string>;
}

/** Whether every use of the parameter names a key, which is added. */
function isNamedPlainly(program: Program, watched: Watched, keys: Set<string>): boolean {
  const { name, parameter } = watched;
  let isPlain = true;
  visit(program, undefined, (node, parent) => {
    if (node.type === 'WithStatement' || isOpaque(node, parent, watched)) isPlain = false;
    if (node === parameter || !isUse(node, parent, name)) return;
    const key = parent?.type === 'MemberExpression' ? nameOf(parent as MemberNode) : undefined;
    if (key !== undefined) keys.add(key);
    else if (!isTakenApart(parent, node, keys)) isPlain = false;
  });
  return isPlain;
}

type MemberNode = Extract<Expression, { type: 'MemberExpression' }>;

/** `const { a, b } = results;` */
function isTakenApart(parent: Node | undefined, node: Node, keys: Set<string>): boolean {
  if (parent?.type !== 'VariableDeclarator') return false;
  const { id, init } = parent as Node & { id: Pattern; init: Node | null };
  return init === node && addPattern(id, keys);
}

/** Adds the keys that a pattern takes; false for one that may take others. */
function addPattern(pattern: Pattern, keys: Set<string>): boolean {
  const taken = pattern.type === 'AssignmentPattern' ? pattern.left : pattern;
  if (taken.type !== 'ObjectPattern') return false;
  return taken.properties.every((property) => {
    if (property.type !== 'Property' || property.computed) return false;
    const { key } = property;
    const name =
      key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : undefined;
    if (name !== undefined) keys.add(name);
    return name !== undefined;
  });
}

/** The name that a member is read by, if it is one and the node is not the member's own name. */
function nameOf({ property, computed }: MemberNode): string | undefined {
  if (!computed) return property.type === 'Identifier' ? property.name : undefined;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}

/** An identifier of that name which is no member's or property's name. */
function isUse(node: Node, parent: Node | undefined, name: string | undefined): boolean {
  if (node.type !== 'Identifier' || (node as Node & { name: string }).name !== name) return false;
  return !isOnlyName(node, parent);
}

function isOnlyName(node: Node, parent: Node | undefined): boolean {
  if (parent?.type === 'MemberExpression') {
    const { property, computed } = parent as MemberNode;
    return property === node && !computed;
  }
  if (parent?.type !== 'Property') return false;
  const { key, computed, shorthand } = parent as Node & { key: Node; computed: boolean; shorthand: boolean };
  return key === node && !computed && !shorthand;
}

/** Some names can read anything; one that is not the language's own may be given as text, too. */
function isOpaque(node: Node, parent: Node | undefined, { name, opaque }: Watched): boolean {
  if (node.type === 'Identifier') {
    const own = (node as Node & { name: string }).name;
    return opaque.has(own) && !(own === name && !isOnlyName(node, parent));
  }
  if (!opaque.has(HANDLED_AS)) return false;
  if (node.type === 'Literal') return (node as Node & { value: unknown }).value === HANDLED_AS;
  return (
    node.type === 'TemplateElement' &&
    (node as Node & { value: { raw: string } }).value.raw.includes(HANDLED_AS)
  );
}

function visit(
  node: Node,
  parent: Node | undefined,
  look: (node: Node, parent: Node | undefined) => void,
): void {
  look(node, parent);
  for (const value of Object.values(node) as unknown[]) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(child)) visit(child, node, look);
    }
  }
}

const isNode = (value: unknown): value is Node =>
  value !== null && typeof value === 'object' && typeof (value as { type?: unknown }).type === 'string';
