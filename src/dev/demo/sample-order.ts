/** The order that the sample run sends: over the approval limit, and with a line that is not in stock. */
export const SAMPLE_ORDER = {
  orderId: 'A-1001',
  customer: 'Harbour Books',
  currency: 'EUR',
  lines: [
    { sku: 'MUG-01', quantity: 2, unitPrice: 12.5 },
    { sku: 'TEE-M', quantity: 1, unitPrice: 24 },
    { sku: 'POSTER-XL', quantity: 12, unitPrice: 45 },
  ],
};
