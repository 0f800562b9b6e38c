import type { z } from 'zod'
import { createGate } from './gate.ts'
import { type Envelope, rpcEnvelope } from './wire.ts'

/** The node gave no usable answer in time. Whatever was asked for may have happened, or not. */
export class RpcSilent extends Error {
  override readonly name = 'RpcSilent'
}

/** The node's explicit no, as JSON-RPC 2.0 says it. */
export class RpcRefused extends Error {
  override readonly name = 'RpcRefused'
  readonly code: number
  readonly data: unknown

  constructor(method: string, refusal: { code: number; message: string; data?: unknown }) {
    super(`${method}: ${refusal.message}`)
    this.code = refusal.code
    this.data = refusal.data
  }
}

export type Rpc = Readonly<{
  /** One call, answered in the given shape. Throws RpcSilent or RpcRefused, nothing else. */
  call<T>(method: string, params: readonly unknown[], shape: z.ZodType<T>): Promise<T>
  /** Ends all calls under way with RpcSilent. */
  close(): void
}>

const CONCURRENT_CALLS_MAX = 16
const WAITING_CALLS_MAX = 10_000
const ANSWER_BYTES_MAX = 16 * 1024 * 1024

/** JSON-RPC 2.0 over HTTP with a deadline for each call, a bound on calls at a time, and a check of what comes back. */
export function openRpc(options: { url: string; timeoutMs: number }): Rpc {
  const gate = createGate(CONCURRENT_CALLS_MAX, WAITING_CALLS_MAX)
  const underWay = new Set<() => void>()
  let closed = false
  let lastId = 0

  async function exchange(method: string, params: readonly unknown[]): Promise<Envelope> {
    const id = ++lastId
    // One for each call and its timer ended with it: signals that are joined, and time out long after the answer, cost as much as the call.
    const ending = new AbortController()
    const end = () => ending.abort()
    const timer = setTimeout(end, options.timeoutMs)
    underWay.add(end)
    try {
      const response = await fetch(options.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
        signal: ending.signal,
      })
      const envelope = rpcEnvelope.parse(JSON.parse(await readBounded(response)))
      if (envelope.id !== id && !('error' in envelope && envelope.id === null)) throw new Error('the answer is to another call')
      return envelope
    } catch (cause) {
      throw new RpcSilent(`${method}: no usable answer`, { cause })
    } finally {
      clearTimeout(timer)
      underWay.delete(end)
    }
  }

  return {
    async call(method, params, shape) {
      if (!(await gate.enter())) throw new RpcSilent(`${method}: too many calls wait`)
      try {
        if (closed) throw new RpcSilent(`${method}: closed`)
        const envelope = await exchange(method, params)
        if ('error' in envelope) throw new RpcRefused(method, envelope.error)
        const result = shape.safeParse(envelope.result)
        if (!result.success) throw new RpcSilent(`${method}: the answer has another shape`, { cause: result.error })
        return result.data
      } finally {
        gate.leave()
      }
    },
    close() {
      closed = true
      for (const end of underWay) end()
    },
  }
}

async function readBounded(response: Response): Promise<string> {
  if (!response.body) return ''
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body) {
    bytes += part.length
    if (bytes > ANSWER_BYTES_MAX) throw new Error(`the answer is longer than ${ANSWER_BYTES_MAX} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
