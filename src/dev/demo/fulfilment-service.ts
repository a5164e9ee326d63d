import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A shipment of one order line. */
export interface Shipment {
  shipmentId: string;
  orderId: string;
  sku: string;
  quantity: number;
  status: 'reserved' | 'backorder';
}

export interface FulfilmentService {
  url: string;
  stop: () => Promise<void>;
}

/** More than this is never in stock. */
const LARGEST_STOCK = 10;
const MAX_BODY_BYTES = 64 * 1024;

/**
 * The system that the sample integration talks to: a small warehouse with an HTTP interface on 127.0.0.1. The
 * same order line always gets the same shipment, so a repeated request does no harm.
 */
export async function startFulfilmentService(port: number, key: string): Promise<FulfilmentService> {
  const shipments = new Map<string, Shipment>();
  const server = createServer((request, response) => {
    void answer(request, response, key, shipments).catch((error: unknown) => {
      reply(response, 400, { error: error instanceof Error ? error.message : String(error) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: actualPort } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${actualPort}`, stop: () => close(server) };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  key: string,
  shipments: Map<string, Shipment>,
): Promise<void> {
  if (request.headers.authorization !== `Bearer ${key}`) {
    return reply(response, 401, { error: 'The key is missing or wrong.' });
  }
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  if (path !== '/shipments') return reply(response, 404, { error: `There is nothing at ${path}.` });
  if (request.method === 'GET') return reply(response, 200, { shipments: [...shipments.values()] });
  if (request.method !== 'POST') return reply(response, 405, { error: 'Only GET and POST are known here.' });
  const line = parseLine(await readBody(request));
  if (typeof line === 'string') return reply(response, 422, { error: line });
  const shipment: Shipment = {
    shipmentId: shipmentIdOf(line.orderId, line.sku),
    ...line,
    status: line.quantity > LARGEST_STOCK ? 'backorder' : 'reserved',
  };
  shipments.set(shipment.shipmentId, shipment);
  const { shipmentId, sku, quantity, status } = shipment;
  reply(response, 201, { shipmentId, sku, quantity, status });
}

/** Answers what is wrong, as text, or the order line. */
function parseLine(text: string): string | Pick<Shipment, 'orderId' | 'sku' | 'quantity'> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return 'The body is not JSON.';
  }
  const { orderId, sku, quantity } = (body ?? {}) as Record<string, unknown>;
  if (typeof orderId !== 'string' || orderId === '') return 'orderId is missing.';
  if (typeof sku !== 'string' || sku === '') return 'sku is missing.';
  if (!Number.isInteger(quantity) || Number(quantity) < 1) return 'quantity must be a whole number above 0.';
  return { orderId, sku, quantity: Number(quantity) };
}

function shipmentIdOf(orderId: string, sku: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([orderId, sku]))
    .digest('hex');
  return `SHP-${digest.slice(0, 8).toUpperCase()}`;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('The body is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
