import type { Json } from '../../ports/books.ts'
import { type Listing, templateOf } from './listing.ts'

/**
 * `/.well-known/x402`, as indexers read it today: the addresses alone, as plain texts, because a 402 is what binds and a copy of its terms would rot. `version`
 * is the form's own. A route with parameters has no address that could be asked, and stands in the OpenAPI description only.
 */
export function x402Document({ origin, name, description, routes }: Listing): Readonly<Record<string, Json>> {
  const plain = routes.filter(({ path }) => templateOf(path).names.length === 0)
  return {
    x402Version: 2,
    version: 1,
    kind: 'resource-server',
    name,
    ...(description === '' ? {} : { description }),
    resources: [...new Set(plain.map(({ path }) => `${origin}${path}`))],
    openapi: `${origin}/openapi.json`,
    instructions: `Each resource answers 402 with its price and its terms; ${origin}/llms.txt says how to pay.`,
  }
}
