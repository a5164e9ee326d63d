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
  /** The place of a line and column within a literal block (`|`); undefined for texts in other styles. */
  locateWithin(path: Path, inner: Position): Position | undefined;
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
  text: string,
): SourceMap {
  const inside = (node: Node | undefined, segment: string | number) =>
    child(node === undefined ? undefined : follow(node), segment);
  return {
    locate(path, at) {
      let node = root;
      let best = root;
      for (const [index, segment] of path.entries()) {
        const next = inside(node, segment);
        if (next === undefined) break;
        node = next.value;
        const isLast = index === path.length - 1;
        best = (isLast && at === 'key' ? next.key : next.value) ?? next.key ?? best;
      }
      return positionAt(best?.range?.[0] ?? 0, lines);
    },
    locateWithin(path, inner) {
      let node = root;
      for (const segment of path) node = inside(node, segment)?.value;
      const scalar = node && follow(node);
      if (!isScalar(scalar) || scalar.type !== 'BLOCK_LITERAL' || typeof scalar.value !== 'string')
        return undefined;
      // The text begins on the line behind the mark, and each line of it behind the indentation of the block.
      const line = positionAt(scalar.range?.[0] ?? 0, lines).line + inner.line;
      const written = lineAt(text, line, lines);
      const own = scalar.value.split('\n')[inner.line - 1] ?? '';
      return { line, column: Math.max(0, written.length - own.length) + inner.column };
    },
  };
}

function positionAt(offset: number, lines: LineCounter): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Without its end. */
function lineAt(text: string, line: number, { lineStarts }: LineCounter): string {
  return text.slice(lineStarts[line - 1], lineStarts[line]).replace(/\r?\n$/, '');
}
