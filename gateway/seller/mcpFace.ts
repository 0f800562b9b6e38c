import { GatewayError } from '../errors/gatewayError.ts'
import type { FaceOptions } from './faceOptions.ts'
import { KEPT_BYTES_MAX } from './keptText.ts'
import {
  canonical,
  errorResult,
  isObject,
  type Meta,
  paymentHeader,
  type ToolResult,
  type Unpaid,
  unpaidOf,
  withReceipts,
} from './mcpMeta.ts'
import type { Asked, Entry, Paywall } from './paywall.ts'
import { checkPrice, type Priced } from './price.ts'
import { sha256 } from './sha256.ts'
import type { Reply } from './wire.ts'

/** One call of a tool, as a price function sees it. */
type ToolCall = Readonly<{ tool: string; arguments: unknown }>

/**
 * What a tool costs. `tool`: its name. `PaymentError`: `McpError` of the SDK's version 1, to answer an unpaid call with the JSON-RPC error of MPP in place of
 * a result; the SDK lets it through on revisions before 2026-07-28 only.
 */
export type PricedTool = Omit<Priced<ToolCall>, 'route' | 'pass' | 'listed' | 'priceRange' | 'example'> &
  Readonly<{ tool: string; PaymentError?: new (code: number, message: string, data?: unknown) => Error }>

type Run = Extract<Entry, { kind: 'run' }>

/** The handler of an MCP tool that is paid for, as x402 and MPP carry payments in `_meta`. */
export function mcpFace(paywall: Paywall, { publicUrl, meters }: FaceOptions) {
  return <A extends unknown[], R>(priced: PricedTool, handler: (...given: A) => R | Promise<R>): ((...given: A) => Promise<R>) => {
    checkPrice(priced?.price)
    if (publicUrl === undefined) {
      throw new GatewayError('seller_misconfigured', 'createSeller was given no publicUrl, and a tool has no address of its own', {
        hint: 'Give it publicUrl, such as https://tools.example.com: payers are shown who asks for their money.',
      })
    }
    return async (...given) => {
      const meta = metaOf(given.at(-1))
      const entry = await paywall.admit(priced, askedBy(priced.tool, { publicUrl, meta, given: given.length > 1 ? given[0] : undefined }))
      if (entry.kind === 'free') return handler(...given)
      // The SDK checks a result by its own schema; what it is to this handler's own type, no paywall can say.
      if (entry.kind === 'reply') return toResult(entry.reply, meta, priced) as R
      // The SDK's context of this very call.
      meters.keep(given.at(-1) as object, entry) // It was looked at.
      return (await finishWith(entry, () => handler(...given), { meta, priced })) as R
    }
  }
}

/** The call's `_meta`, from what version 1 of the SDK gives a handler last, or version 2. */
function metaOf(context: unknown): Meta {
  const { mcpReq, _meta } = (context ?? {}) as { mcpReq?: { _meta?: unknown }; _meta?: unknown } // What it is, is looked at here.
  if (mcpReq === undefined && !isObject(context)) {
    throw new GatewayError('seller_misconfigured', 'The handler was not called by an MCP server', {
      hint: 'Use it as the handler of server.registerTool(name, config, seller.mcp({ price, tool: name }, handler)).',
    })
  }
  const meta = mcpReq?._meta ?? _meta
  return isObject(meta) ? meta : {}
}

function askedBy(tool: string, { publicUrl, meta, given }: { publicUrl: string; meta: Meta; given: unknown }): Asked<ToolCall> {
  const route = `/tools/${encodeURIComponent(tool)}`
  return {
    request: { tool, arguments: given },
    method: 'POST',
    url: `${publicUrl}${route}`,
    route,
    header: (name) => paymentHeader(meta, name),
    bodyDigest: () => sha256(new TextEncoder().encode(canonical(given ?? {}))),
  }
}

type Call = Readonly<{ meta: Meta; priced: PricedTool }>

/** Runs the tool, has its result kept, and gives it. A tool that throws has failed, and the SDK says so. */
async function finishWith({ finish }: Run, work: () => unknown, { meta, priced }: Call): Promise<unknown> {
  let result: unknown
  try {
    result = await work()
  } catch (error) {
    await finish({ status: 500, contentType: 'text/plain; charset=utf-8', body: '', open: false })
    throw error
  }
  const answered = isToolResult(result) ? result : undefined
  const text = JSON.stringify(result)
  const body = new TextEncoder().encode(text).length <= KEPT_BYTES_MAX ? text : undefined
  const failed = answered === undefined || answered.isError === true
  const finished = await finish({ status: failed ? 500 : 200, contentType: 'application/json', body, open: false })
  if (!answered) {
    throw new GatewayError('seller_misconfigured', `The tool ${priced.tool} gave no result that can be paid for`, {
      hint: 'It answers { content: [...] }. What it has to ask of a person, a free tool asks.',
    })
  }
  if (finished.kind === 'reply') return toResult(finished.reply, meta, priced)
  return withReceipts(answered, finished.headers, meta)
}

/** Anything else, such as a question to the person, is not what was paid for. */
function isToolResult(value: unknown): value is ToolResult {
  return isObject(value) && Array.isArray(value.content)
}

function toResult(reply: Reply, meta: Meta, { PaymentError }: PricedTool): ToolResult {
  const unpaid = unpaidOf(reply, meta)
  if (unpaid) return unpaidResult(unpaid, PaymentError)
  const said = jsonOf(reply.body)
  return isToolResult(said) ? withReceipts(said, reply.headers, meta) : errorResult(said)
}

function unpaidResult({ result, error }: Unpaid, PaymentError: PricedTool['PaymentError']): ToolResult {
  if (PaymentError) throw new PaymentError(error.code, error.message, error.data)
  return result
}

/** The reply as JSON; a tool that failed before is told with no more than that. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    // An empty body was kept for work that threw.
    return { title: 'The tool failed when it was called with this payment, and the money has gone back' }
  }
}
