import type { Json } from '../../ports/books.ts'

/** The name of x402's extension by which a client calls a payment by an id of its own. */
export const PAYMENT_IDENTIFIER = 'payment-identifier'

/** Such an id, as the extension has it. */
export const PAYMENT_ID = /^[A-Za-z0-9_-]{16,128}$/

const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: { required: { type: 'boolean' }, id: { type: 'string', minLength: 16, maxLength: 128, pattern: '^[a-zA-Z0-9_-]+$' } },
  required: ['required'],
}

/** The extension as a 402 says that ids are heeded, and with `id` as an answer says which one was. Clients add an id only where they are told so. */
export function paymentIdentifier(id?: string): Json {
  return { info: { required: false, ...(id === undefined ? {} : { id }) }, schema: SCHEMA }
}
