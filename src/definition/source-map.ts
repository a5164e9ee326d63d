import { isMap, isNode, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import type { Path } from './fault';

/** Line and column, both counted from 1. */
export interface Position {
  line: number;
  column: number;
}

/** Finds the line and column of a place in a YAML text. */
export interface SourceMap {
  locate(path: Path, at: 'key' | 'value'): Position;
}

/** The text of a mapping key, as the definition's data names it. */
export function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

const asNode = (value: unknown): Node | undefined => (isNode(value) ? value : undefined);

interface Children {
  key: Node | undefined;
  value: Node | undefined;
}

function child(node: Node | undefined, segment: string | number): Children | undefined {
  if (isSeq(node)) return { key: undefined, value: asNode(node.items[Number(segment)]) };
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => keyText(item.key) === String(segment));
  if (pair === undefined) return undefined;
  return { key: asNode(pair.key), value: asNode(pair.value) };
}

/** A source map over the nodes of a document; `follow` leads from an alias to what it stands for. */
export function createSourceMap(
  root: Node | undefined,
  lines: LineCounter,
  follow: (node: Node) => Node | undefined,
): SourceMap {
  return {
    locate(path, at) {
      let node = root;
      let best = root;
      for (const [index, segment] of path.entries()) {
        const next = child(node === undefined ? undefined : follow(node), segment);
        if (next === undefined) break;
        node = next.value;
        const isLast = index === path.length - 1;
        best = (isLast && at === 'key' ? next.key : next.value) ?? next.key ?? best;
      }
      const offset = best?.range?.[0] ?? 0;
      const { line, col } = lines.linePos(offset);
      return { line: Math.max(1, line), column: Math.max(1, col) };
    },
  };
}
