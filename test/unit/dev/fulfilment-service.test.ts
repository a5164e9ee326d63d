import { type FulfilmentService, startFulfilmentService } from '../../../src/dev/demo/fulfilment-service';

describe('the fulfilment service of the demonstration', () => {
  let service: FulfilmentService;
  beforeAll(async () => {
    service = await startFulfilmentService(0, 'the-key');
  });
  afterAll(() => service.stop());

  const call = async (method: string, path: string, body?: unknown, key = 'the-key') => {
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}` },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  test('reserves up to ten pieces and puts more on back order', async () => {
    const ten = await call('POST', '/shipments', { orderId: 'A', sku: 'S', quantity: 10 });
    expect(ten).toEqual({
      status: 201,
      body: {
        shipmentId: expect.stringMatching(/^SHP-[0-9A-F]{8}$/),
        sku: 'S',
        quantity: 10,
        status: 'reserved',
      },
    });
    const eleven = await call('POST', '/shipments', { orderId: 'A', sku: 'T', quantity: 11 });
    expect(eleven.body['status']).toBe('backorder');
  });

  test('gives the same order line the same shipment, however often it is asked', async () => {
    const line = { orderId: 'B', sku: 'S', quantity: 1 };
    const ids = [await call('POST', '/shipments', line), await call('POST', '/shipments', line)];
    expect(ids[0]!.body['shipmentId']).toBe(ids[1]!.body['shipmentId']);
    const { body } = await call('GET', '/shipments');
    const shipments = (body['shipments'] as { orderId: string }[]).filter(({ orderId }) => orderId === 'B');
    expect(shipments).toHaveLength(1);
  });

  test.each([
    ['POST', '/shipments', { orderId: 'A', sku: 'S', quantity: 0 }, 'the-key', 422],
    ['POST', '/shipments', { sku: 'S', quantity: 1 }, 'the-key', 422],
    ['POST', '/shipments', 'not json', 'the-key', 422],
    ['POST', '/shipments', 'x'.repeat(70_000), 'the-key', 400],
    ['POST', '/shipments', { orderId: 'A', sku: 'S', quantity: 1 }, 'wrong', 401],
    ['GET', '/shipments', undefined, '', 401],
    ['GET', '/elsewhere', undefined, 'the-key', 404],
    ['DELETE', '/shipments', undefined, 'the-key', 405],
  ])('%s %s with %j and the key "%s" is refused with %i', async (method, path, body, key, status) => {
    const answer = await call(method, path, body, key);
    expect(answer.status).toBe(status);
    expect(answer.body['error']).toEqual(expect.any(String));
  });
});
