import { type Alias, isAlias, isMap, isNode, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import type { Path } from './fault';
import { LIMITS } from './limits';
import type { YamlFault } from './read-yaml';
import { keyText } from './source-map';

export interface YamlData {
  data: unknown;
  faults: YamlFault[];
  /** True when the text stands for more than may be read; `data` is then of no use. */
  isRefused: boolean;
  /** What an alias stands for; another node stands for itself. */
  follow: (node: Node) => Node | undefined;
}

export interface YamlDataOptions {
  /** Mappings as `Map`, with entries that are null; keeps the order of all keys. Otherwise plain objects without them. */
  asMaps?: boolean;
}

interface Measured {
  value: unknown;
  nodes: number;
  depth: number;
}

/** Turns YAML nodes into data: aliases become what they stand for, within the limits; no key reaches a prototype. */
class Conversion {
  readonly faults: YamlFault[] = [];
  readonly targets = new Map<Node, Node>();
  isRefused = false;
  private readonly anchors = new Map<string, Node>();
  private readonly done = new Map<Node, Measured>();

  constructor(private readonly options: YamlDataOptions) {}

  convert(node: Node | undefined, path: Path): Measured {
    if (this.isRefused || node === undefined) return { value: null, nodes: 1, depth: 0 };
    if (isAlias(node)) return this.alias(node, path);
    // An anchor counts from its own node on, so an alias inside finds the open node and is seen as a circle.
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor) this.anchors.set(node.anchor, node);
    const measured = this.collection(node, path);
    if (!this.isRefused && (measured.nodes > LIMITS.nodes || measured.depth > LIMITS.depth)) {
      this.isRefused = true;
      const message = 'The text stands for more than can be read (aliases counted with all they stand for).';
      this.fault(
        'too_large',
        node,
        path,
        message,
        `At most ${LIMITS.nodes} values, nested ${LIMITS.depth} deep.`,
      );
    }
    this.done.set(node, measured);
    return measured;
  }

  private alias(node: Alias, path: Path): Measured {
    const target = this.anchors.get(node.source);
    const measured = target === undefined ? undefined : this.done.get(target);
    if (target !== undefined && measured !== undefined) {
      this.targets.set(node, target);
      return measured;
    }
    const isCircle = target !== undefined;
    const message = isCircle
      ? `The alias *${node.source} stands for itself.`
      : `There is no anchor &${node.source}.`;
    this.fault('yaml_alias', node, path, message, 'Write the value out in full.');
    return { value: null, nodes: 1, depth: 0 };
  }

  private collection(node: Node, path: Path): Measured {
    if (isMap(node)) return this.mapping(node, path);
    if (!isSeq(node)) return { value: isScalar(node) ? node.value : null, nodes: 1, depth: 0 };
    const items = node.items.map((item, index) => this.convert(asNode(item), [...path, index]));
    return { value: items.map((item) => item.value), ...total(items) };
  }

  private mapping(node: YAMLMap, path: Path): Measured {
    const entries = new Map<string, unknown>();
    const seen = new Set<string>();
    const measured: Measured[] = [];
    for (const pair of node.items) {
      const key = this.mappingKey(asNode(pair.key) ?? node, path, seen);
      if (key === undefined) continue;
      seen.add(key);
      const item = this.convert(asNode(pair.value), [...path, key]);
      measured.push(item);
      // A key without a value counts as not given, which is how older exports write it.
      if (item.value !== null || this.options.asMaps === true) entries.set(key, item.value);
    }
    const value = this.options.asMaps === true ? entries : Object.fromEntries(entries);
    return { value, ...total(measured) };
  }

  private mappingKey(node: Node, path: Path, seen: ReadonlySet<string>): string | undefined {
    if (isScalar(node) && node.anchor) this.anchors.set(node.anchor, node);
    const key = keyText(isAlias(node) ? (this.anchors.get(node.source) ?? node) : node);
    if (key === undefined) {
      this.fault('yaml_key', node, path, 'A mapping or list cannot be a key.', 'Use text as the key.');
    } else if (key === '__proto__') {
      this.fault('yaml_key', node, path, 'The key "__proto__" is not allowed.', 'Use another name.');
    } else if (key === '<<') {
      this.fault(
        'yaml_key',
        node,
        path,
        'Merge keys (<<) are not part of YAML 1.2.',
        'Write the entries out in full.',
      );
    } else {
      if (seen.has(key)) {
        this.fault(
          'duplicate_key',
          node,
          [...path, key],
          `The key "${key}" stands here twice.`,
          'Keep one of the two.',
        );
      }
      return key;
    }
    return undefined;
  }

  private fault(code: string, node: Node, path: Path, message: string, hint: string): void {
    if (this.faults.length >= LIMITS.faults) return;
    this.faults.push({ code, message, hint, offset: node.range?.[0] ?? 0, path });
  }
}

const asNode = (value: unknown): Node | undefined => (isNode(value) ? value : undefined);

function total(items: readonly Measured[]): { nodes: number; depth: number } {
  let nodes = 1;
  let depth = 0;
  for (const item of items) {
    nodes += item.nodes;
    depth = Math.max(depth, item.depth);
  }
  return { nodes, depth: depth + 1 };
}

/** Converts a document's root node to data and says what is wrong on the way. */
export function yamlData(root: Node, options: YamlDataOptions = {}): YamlData {
  const conversion = new Conversion(options);
  const { value } = conversion.convert(root, []);
  return {
    data: value,
    faults: conversion.faults,
    isRefused: conversion.isRefused,
    follow: (node) => (isAlias(node) ? conversion.targets.get(node) : node),
  };
}
