import type { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../../errors';
import { codesOf, type Endpoint } from '../endpoint';
import { ENDPOINTS } from '../routes';
import { NamedSchemas } from './named-schemas';

type Json = Record<string, unknown>;

const PROBLEM = { $ref: '#/components/schemas/Problem' };

const RETRY_AFTER = {
  'Retry-After': { description: 'Seconds after which to repeat.', schema: { type: 'integer' } },
};

/** The OpenAPI 3.1 document of everything that is mounted, made from the same records. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  const schemas = new NamedSchemas();
  for (const endpoint of ENDPOINTS) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operation(endpoint, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tenon REST API',
      version: '1',
      description:
        'Ids are UUIDs. Lists are paged by cursor. Errors are RFC 9457 problems with a stable `code`.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ accessToken: [] }],
    paths,
    components: {
      securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: problemSchema(), ...schemas.inOrder() },
    },
  };
}

function operation(endpoint: Endpoint, schemas: NamedSchemas): Json {
  return {
    operationId: endpoint.operationId,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    ...(endpoint.description && { description: endpoint.description }),
    ...(endpoint.isPublic && { security: [] }),
    parameters: [
      ...parameters(endpoint.params, 'path', schemas),
      ...parameters(endpoint.query, 'query', schemas),
    ],
    ...(endpoint.body && {
      requestBody: {
        required: !endpoint.body.safeParse({}).success,
        content: { 'application/json': { schema: schemas.of(endpoint.body, 'input') } },
      },
    }),
    responses: responses(endpoint, schemas),
  };
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query', schemas: NamedSchemas): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemas.of(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }));
}

function responses(endpoint: Endpoint, schemas: NamedSchemas): Json {
  const success = endpoint.response
    ? {
        description: 'Done.',
        content: { 'application/json': { schema: schemas.of(endpoint.response, 'output') } },
      }
    : { description: 'Done; there is nothing to answer.' };
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codesOf(endpoint)) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const refusals = [...byStatus]
    .toSorted(([one], [other]) => one - other)
    .map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\``).join(', '),
        ...(codes.some((code) => ERRORS[code].retryable) && { headers: RETRY_AFTER }),
        content: { 'application/problem+json': { schema: PROBLEM } },
      },
    ]);
  return { [String(endpoint.successStatus)]: success, ...(Object.fromEntries(refusals) as Json) };
}

function problemSchema(): Json {
  return {
    type: 'object',
    required: ['type', 'title', 'status', 'detail', 'code', 'hint', 'retryable', 'requestId', 'errors'],
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string', description: 'What is wrong, for people.' },
      code: { type: 'string', enum: Object.keys(ERRORS) },
      hint: { type: 'string', description: 'What to do about it.' },
      retryable: { type: 'boolean' },
      requestId: { type: 'string' },
      errors: {
        type: 'array',
        description: 'Every bad field.',
        items: {
          type: 'object',
          required: ['field', 'messages'],
          properties: { field: { type: 'string' }, messages: { type: 'array', items: { type: 'string' } } },
        },
      },
    },
  };
}
