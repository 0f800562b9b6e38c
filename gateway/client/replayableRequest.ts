import { sha256 } from '@noble/hashes/sha2.js'
import { GroundError } from '../errors/groundError.ts'
import { toHex } from './offers/bytes.ts'

/** A request that can be sent any number of times. `key` is the same for the same method, URL, body and idempotency key of its own. */
export type ReplayableRequest = Readonly<{
  url: string
  method: string
  headers: Headers
  body?: string | Uint8Array<ArrayBuffer>
  key: string
  init: RequestInit
}>

/** Makes a request replayable. Refuses a body that can be read only once: after paying there would be nothing left to send. */
export function replayableRequest(url: string | URL, init: RequestInit = {}): ReplayableRequest {
  const method = (init.method ?? 'GET').toUpperCase()
  const body = bodyOf(init.body)
  // A page may name its own server's paths; elsewhere there is nothing that they could be relative to.
  const { location } = globalThis as { location?: { href: string } }
  const href = new URL(url, location?.href).href
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : (body ?? new Uint8Array())
  const headers = new Headers(init.headers)
  const own = headers.get('idempotency-key') ?? ''
  const hash = sha256.create().update(new TextEncoder().encode(`${method}\n${href}\n${own}\n`))
  const key = toHex(hash.update(bytes).digest())
  return { url: href, method, headers, key, init, ...(body === undefined ? {} : { body }) }
}

function bodyOf(body: RequestInit['body']): string | Uint8Array<ArrayBuffer> | undefined {
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string') return body
  // Copied, so that nobody changes it between two sends.
  if (body instanceof ArrayBuffer) return new Uint8Array(body.slice(0))
  if (ArrayBuffer.isView(body)) return Uint8Array.from(new Uint8Array(body.buffer, body.byteOffset, body.byteLength))
  throw new GroundError('invalid_request', 'the body of a paid request must be text or bytes, because it may have to be sent again')
}
