import { isDigested, sha256 } from './sha256.ts'

/** What is used of a request of `node:http`, Express or Fastify. */
export type NodeRequest = {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly socket: { readonly remoteAddress?: string | undefined; readonly encrypted?: boolean }
  readonly body?: unknown
  readonly readableEnded?: boolean
  read?(): Uint8Array | string | null
  unshift?(chunk: Uint8Array): void
  once?(event: 'readable' | 'end' | 'error' | 'close', listener: () => void): unknown
  off?(event: 'readable' | 'end' | 'error' | 'close', listener: () => void): unknown
}

export function nodeHeader({ headers }: NodeRequest, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

/** The digest of the body as it was parsed, or as it waits to be read; it still waits afterwards. */
export async function nodeBodyDigest(request: NodeRequest): Promise<string | undefined> {
  const { body } = request
  if (body !== undefined && body !== null) return sha256(bytesOf(body))
  const length = nodeHeader(request, 'content-length')
  if (!isDigested(length) || request.readableEnded) return undefined
  const bytes = await peek(request, Number.parseInt(length!, 10)) // not money: bytes
  return bytes && sha256(bytes)
}

function bytesOf(body: unknown): Uint8Array<ArrayBuffer> {
  if (body instanceof Uint8Array) return new Uint8Array(body)
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
}

/** Reads so many bytes and puts them back before the stream sees its end. Undefined when they do not come. */
async function peek(request: NodeRequest, length: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = new Uint8Array(length)
  let filled = 0
  const drain = (): void => {
    for (let chunk = request.read?.(); chunk && filled < length; chunk = filled < length ? request.read?.() : null) {
      const part = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
      bytes.set(part.subarray(0, length - filled), filled)
      filled += part.length
    }
    if (filled >= length) request.unshift?.(bytes.slice())
  }
  drain()
  while (filled < length) {
    if (!(await more(request))) return undefined
    drain()
  }
  return bytes
}

/** True when there is more to read, false when there will not be. */
function more(request: NodeRequest): Promise<boolean> {
  return new Promise((resolve) => {
    const over = () => done(false)
    const readable = () => done(true)
    const done = (there: boolean): void => {
      request.off?.('readable', readable)
      for (const event of ['end', 'error', 'close'] as const) request.off?.(event, over)
      resolve(there)
    }
    request.once?.('readable', readable)
    for (const event of ['end', 'error', 'close'] as const) request.once?.(event, over)
  })
}
