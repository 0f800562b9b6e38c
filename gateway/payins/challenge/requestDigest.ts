import { hash } from 'node:crypto'

/** Separates the parts so that no two different requests hash the same bytes. */
const SEPARATOR = '\n'

/** SHA-256 (hex) over method, URL and body: the fingerprint of a claim. The same proof with another digest is another request. */
export function requestDigest(method: string, url: string, body: string | Uint8Array = ''): string {
  return digest(`${method.toUpperCase()}${SEPARATOR}${url}${SEPARATOR}`, body)
}

/** SHA-256 (hex) over method and route. `route` is the route's pattern or path, without the query. */
export function routeDigest(method: string, route: string): string {
  return digest(`route${SEPARATOR}${method.toUpperCase()}${SEPARATOR}${route}`, '')
}

/**
 * SHA-256 (hex) over a route's digest and one request for it: what an offer is bound to, so that it buys the request that it was made for. HEAD asks what
 * GET costs.
 */
export function offerDigest(route: string, { method, url, body }: Readonly<{ method: string; url: string; body: string }>): string {
  const asked = method === 'HEAD' ? 'GET' : method.toUpperCase()
  return digest(['offer', route, asked, url, ''].join(SEPARATOR), body)
}

/** In one call: a hash that is told its parts one by one takes three times as long. */
function digest(head: string, body: string | Uint8Array): string {
  return hash('sha256', typeof body === 'string' ? head + body : Buffer.concat([Buffer.from(head), body]))
}
