import type { Json } from '../../ports/books.ts'

/** The name of x402's extension by which a server signs what was paid and served. */
export const OFFER_RECEIPT = 'offer-receipt'

/** Signs for whoever reads JWS. */
export type SignJws = (content: Json) => string

const TEXT = { type: 'string' }
const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: { receipt: { type: 'object', properties: { format: TEXT, signature: TEXT }, required: ['format', 'signature'] } },
  required: ['receipt'],
}

/**
 * The extension's receipt, version 1: this payer has paid for this resource on this network, and was served. As the extension advises it names no
 * transaction, so that it can be shown around; `at` in ms.
 */
export function x402Receipt(o: Readonly<{ network: string; resourceUrl: string; payer: string; at: number }>, signJws: SignJws): Json {
  const { network, resourceUrl, payer } = o
  const issuedAt = Math.floor(o.at / 1000) // not money: a time
  const signature = signJws({ version: 1, network, resourceUrl, payer, issuedAt })
  return { info: { receipt: { format: 'jws', signature } }, schema: SCHEMA }
}
