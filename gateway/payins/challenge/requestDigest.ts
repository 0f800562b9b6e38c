import { createHash } from 'node:crypto'

/** Separates the parts so that no two different requests hash the same bytes. */
const SEPARATOR = '\n'

/** SHA-256 (hex) over method, URL and body: the fingerprint of a claim. The same proof with another digest is another request. */
export function requestDigest(method: string, url: string, body: string | Uint8Array = ''): string {
  return createHash('sha256').update(`${method.toUpperCase()}${SEPARATOR}${url}${SEPARATOR}`).update(body).digest('hex')
}

/** SHA-256 (hex) over method and route. `route` is the route's pattern or path, without the query. */
export function routeDigest(method: string, route: string): string {
  return createHash('sha256').update(`route${SEPARATOR}${method.toUpperCase()}${SEPARATOR}${route}`).digest('hex')
}

/**
 * SHA-256 (hex) over a route's digest and one request for it: what an offer is bound to, so that it buys the request that it was made for. HEAD asks what
 * GET costs.
 */
export function offerDigest(route: string, { method, url, body }: Readonly<{ method: string; url: string; body: string }>): string {
  const asked = method === 'HEAD' ? 'GET' : method.toUpperCase()
  return createHash('sha256').update(['offer', route, asked, url, ''].join(SEPARATOR)).update(body).digest('hex')
}
