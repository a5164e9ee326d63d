import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Token, tokenizer } from 'acorn';
import { type DocumentNode, Kind, parse } from 'graphql';
import { PRISM_DIRECTORY } from './prism';

/** A GraphQL document that the command line ships. */
export interface PrismDocument {
  /** Operation names and root fields: `listCustomers: customers`. */
  title: string;
  rootFields: string[];
  document: DocumentNode;
}

/** Shorter texts in braces are no documents, though some parse as one. */
const SHORTEST = 20;

/** Takes every GraphQL document out of the shipped bundle: each string or template literal that parses as one. */
export async function readPrismDocuments(): Promise<PrismDocument[]> {
  const source = await readFile(join(PRISM_DIRECTORY, 'lib', 'index.js'), 'utf8');
  const documents: PrismDocument[] = [];
  const tokens = tokenizer(source, { ecmaVersion: 'latest', sourceType: 'module' });
  // The types leave out the value that tokens of literals have.
  for (const { type, value } of tokens as Iterable<Token & { value?: unknown }>) {
    if (type.label !== 'string' && type.label !== 'template') continue;
    const document =
      typeof value === 'string' && value.length > SHORTEST && value.includes('{') ? parsed(value) : null;
    if (document) documents.push(describe(document));
  }
  return documents;
}

function parsed(text: string): DocumentNode | null {
  try {
    return parse(text, { noLocation: true });
  } catch {
    return null;
  }
}

function describe(document: DocumentNode): PrismDocument {
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  const rootFields = operations.flatMap((operation) =>
    operation.selectionSet.selections.flatMap((field) =>
      field.kind === Kind.FIELD ? [field.name.value] : [],
    ),
  );
  const names = operations.map((operation) => operation.name?.value ?? '(no name)');
  return { title: `${names.join(', ')}: ${rootFields.join(', ')}`, rootFields, document };
}
