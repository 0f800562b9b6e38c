import { GroundError } from '../errors/groundError.ts'
import {
  MPP_CREDENTIAL,
  MPP_RECEIPT,
  MPP_REQUIRED,
  OUR_RECEIPT,
  OUR_REFUND,
  OUR_STATUS,
  PAYMENT_REQUIRED_CODE,
  VERIFICATION_FAILED_CODE,
  X402_PAYMENT,
  X402_RESPONSE,
} from '../ports/mcpMeta.ts'
import { fromBase64Json, fromJson, toBase64Json, toBase64UrlJson } from './offers/bytes.ts'
import type { Fetch } from './sendPaid.ts'

/** JSON-RPC codes of MPP; x402 knows the first, and its own status. */
const UNPAID_CODES: readonly unknown[] = [PAYMENT_REQUIRED_CODE, VERIFICATION_FAILED_CODE, 402]
/** JSON-RPC codes by which the SDK says that no answer came. */
const SILENT_CODES: readonly unknown[] = [-32000, -32001]
/** What of a challenge is text and goes into a header as it is. */
const TEXTS = ['id', 'realm', 'method', 'intent', 'expires', 'digest', 'description']

type Fields = Readonly<Record<string, unknown>>

/** A call of a tool, as the official SDK's clients take it. */
export type ToolCall = Readonly<{ name: string; arguments?: Fields }>

/** What is used of a client of the official SDK, of version 1 or 2. */
export type ToolClient = Readonly<{ callTool(call: ToolCall & Readonly<{ _meta?: Fields }>): Promise<unknown> }>

/** Tools as if they were URLs, so that a payer can pay them: a fetch that calls one, and the request of a call. */
export function toolFetch(client: ToolClient): Fetch {
  return async (url, init) => {
    const headers = new Headers(init.headers)
    const meta = metaOf(headers)
    const name = decodeURIComponent(new URL(url).pathname.slice('/tools/'.length))
    const given = fromJson(String(init.body)) as Fields // `toolRequest` wrote it.
    const call = meta ? { name, arguments: given, _meta: meta } : { name, arguments: given }
    const answer = client.callTool(call).then(toResponse, thrownResponse)
    return Promise.race([answer, aborted(init.signal)])
  }
}

/** The request of a call at a site. */
export function toolRequest(site: string, call: ToolCall): Readonly<{ url: string; init: RequestInit }> {
  const url = `https://${site}/tools/${encodeURIComponent(call.name)}`
  if (!URL.canParse(url) || new URL(url).host !== site.toLowerCase()) {
    throw new GroundError('unsafe_configuration', `site is "${site.slice(0, 80)}", which is no host`, {
      hint: "Name the server's host as the budget does, such as 'tools.example.com', or 'localhost' for one that runs here.",
    })
  }
  const headers = { 'content-type': 'application/json' }
  return { url, init: { method: 'POST', headers, body: JSON.stringify(call.arguments ?? {}) } }
}

/** What a proof is in `_meta`: the same JSON without the wrapping of headers. */
function metaOf(headers: Headers): Fields | undefined {
  const x402 = headers.get('payment-signature') ?? headers.get('x-payment')
  if (x402 !== null) return { [X402_PAYMENT]: fromBase64Json(x402) }
  const credential = /^Payment (.+)$/.exec(headers.get('authorization') ?? '')?.[1]
  if (credential === undefined) return undefined
  const { challenge, ...proof } = fromBase64Json(credential) as { challenge: Fields } // A wallet's offer wrote it.
  const decoded = ['request', 'opaque'].filter((key) => key in challenge).map((key) => [key, fromBase64Json(String(challenge[key]))])
  return { [MPP_CREDENTIAL]: { ...proof, challenge: { ...challenge, ...Object.fromEntries(decoded) } } }
}

function toResponse(result: unknown): Response {
  const { isError, _meta, structuredContent, content } = fieldsOf(result)
  const first = fieldsOf(Array.isArray(content) ? content[0] : undefined)
  const said = structuredContent === undefined ? fieldsOf(fromJson(String(first.text))) : fieldsOf(structuredContent)
  const meta = fieldsOf(_meta)
  const asked = meta[MPP_REQUIRED]
  const isX402 = isError === true && typeof said.x402Version === 'number' && Array.isArray(said.accepts)
  if (asked !== undefined || isX402) return unpaidResponse(isX402 ? said : undefined, fieldsOf(asked))
  // A refusal of ours has its status; any other answer of a tool is one, whatever it says.
  const refused = isError === true && typeof said.code === 'string' && typeof said.status === 'number' && said.status >= 400
  return Response.json(result, { status: refused ? (said.status as number) : 200, headers: receiptHeaders(meta) })
}

/** JSON-RPC errors: what asks for payment is a 402, what says no else is an answer, and silence is thrown on. */
function thrownResponse(error: unknown): Response {
  const { code, data } = fieldsOf(error)
  const { x402 } = fieldsOf(data)
  const said = fieldsOf(x402 ?? data)
  if (UNPAID_CODES.includes(code) && (Array.isArray(fieldsOf(data).challenges) || Array.isArray(said.accepts))) {
    return unpaidResponse(Array.isArray(said.accepts) ? said : undefined, fieldsOf(data))
  }
  if (typeof code !== 'number' || SILENT_CODES.includes(code)) throw error
  const text = error instanceof Error ? error.message : `the server answered the error ${code}`
  return Response.json({ isError: true, content: [{ type: 'text', text }] }, { status: 400 })
}

function unpaidResponse(x402: Fields | undefined, { challenges, problem }: Fields): Response {
  const headers = new Headers()
  if (x402?.x402Version === 2) headers.set('payment-required', toBase64Json(x402))
  for (const challenge of Array.isArray(challenges) ? challenges : [])
    headers.append('www-authenticate', challengeText(fieldsOf(challenge)))
  const { offers, ...known } = fieldsOf(problem ?? x402)
  // A balance is paid by a key in a header, which a call of a tool has not.
  const payable = Array.isArray(offers) ? { ...known, offers: offers.filter((offer) => fieldsOf(offer).rail !== 'book') } : known
  return Response.json(payable, { status: 402, headers })
}

function challengeText(challenge: Fields): string {
  const texts = TEXTS.map((key) => [key, challenge[key]] as const).filter(
    ([, text]) => typeof text === 'string' && /^[ !#-[\]-~]*$/.test(text),
  )
  const coded = ['request', 'opaque'].filter((key) => key in challenge).map((key) => [key, toBase64UrlJson(challenge[key])] as const)
  return `Payment ${[...texts, ...coded].map(([key, text]) => `${key}="${text}"`).join(', ')}`
}

function receiptHeaders(meta: Fields): Headers {
  const headers = new Headers()
  if (meta[X402_RESPONSE] !== undefined) headers.set('payment-response', toBase64Json(meta[X402_RESPONSE]))
  if (meta[MPP_RECEIPT] !== undefined) headers.set('payment-receipt', toBase64UrlJson(meta[MPP_RECEIPT]))
  const ours = meta[OUR_RECEIPT]
  if (typeof ours === 'string' && /^[\w-]{1,100}$/.test(ours)) headers.set('switchyard-receipt', ours)
  for (const [key, header] of [
    [OUR_STATUS, 'switchyard-status'],
    [OUR_REFUND, 'switchyard-refund'],
  ] as const) {
    const address = meta[key]
    if (typeof address === 'string' && /^[!-~]{1,500}$/.test(address)) headers.set(header, address)
  }
  return headers
}

function aborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }))
}

/** Its fields where it is an object, and none where not: what other programs send may be anything. */
function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
