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
import type { Reply } from './wire.ts'

/** What a challenge of the Payment scheme says, but for `request`, which is JSON here and base64url in a header. */
const CHALLENGE_PARAM = /(\w+)="([^"]*)"/g

export type Meta = Readonly<Record<string, unknown>>

/** The result of a tool as MCP writes it. */
export type ToolResult = Readonly<{
  content: readonly Readonly<Record<string, unknown>>[]
  structuredContent?: unknown
  isError?: boolean
  _meta?: Meta
}>

/** A payment that is missing or was refused, as a result for both protocols, and as the JSON-RPC error of MPP. */
export type Unpaid = Readonly<{ result: ToolResult; error: Readonly<{ code: number; message: string; data: object }> }>

/** What pays a call, as the headers that would pay a request. */
export function paymentHeader(meta: Meta, name: string): string | undefined {
  const payment = meta[X402_PAYMENT]
  if (name === 'payment-signature' && isObject(payment)) return toBase64(JSON.stringify(payment))
  const credential = meta[MPP_CREDENTIAL]
  if (name !== 'authorization' || !isObject(credential)) return undefined
  const challenge = isObject(credential.challenge) ? credential.challenge : {}
  // The id of a challenge is over the canonical form of its request (RFC 8785), which is what a header has.
  const request = toBase64Url(canonical(challenge.request))
  return `Payment ${toBase64Url(JSON.stringify({ ...credential, challenge: { ...challenge, request } }))}`
}

/** The result with the receipts of what paid for it. */
export function withReceipts(result: ToolResult, headers: Reply['headers'], asked: Meta): ToolResult {
  const receipts: Record<string, unknown> = {}
  const names = ['payment-response', 'payment-receipt', 'switchyard-receipt', 'switchyard-status', 'switchyard-refund']
  const [x402, mpp, ours, status, refund] = names.map((name) => headerIn(headers, name))
  if (x402 !== undefined) receipts[X402_RESPONSE] = fromBase64(x402)
  if (mpp !== undefined) receipts[MPP_RECEIPT] = { ...(fromBase64(mpp) as object), challengeId: challengeIdOf(asked) }
  if (ours !== undefined) receipts[OUR_RECEIPT] = ours
  if (status !== undefined) receipts[OUR_STATUS] = status
  if (refund !== undefined) receipts[OUR_REFUND] = refund
  return { ...result, _meta: { ...result._meta, ...receipts } }
}

/** What an unpaid call is answered; undefined when the reply asks for no payment. */
export function unpaidOf({ status, headers, body }: Reply, asked: Meta): Unpaid | undefined {
  const x402 = headerIn(headers, 'payment-required')
  const challenges = headers.filter(([name]) => name === 'www-authenticate').flatMap(([, value]) => challengeIn(value))
  if (x402 === undefined && challenges.length === 0) return undefined
  const problem = JSON.parse(body) as { detail?: string }
  // Without a chain there is no x402 in it, and the problem names the other ways to pay.
  const required = x402 === undefined ? problem : fromBase64(x402)
  const data = { httpStatus: status, challenges, problem }
  const code = MPP_CREDENTIAL in asked ? VERIFICATION_FAILED_CODE : PAYMENT_REQUIRED_CODE
  return {
    result: { ...errorResult(required), _meta: { [MPP_REQUIRED]: data } },
    error: { code, message: problem.detail ?? 'Payment required', data: { ...data, x402: required } },
  }
}

/** A refusal as a tool says it: for programs, and the same as text for models. */
export function errorResult(structuredContent: unknown): ToolResult {
  return { isError: true, structuredContent, content: [{ type: 'text', text: JSON.stringify(structuredContent) }] }
}

/** JSON with sorted keys and no blanks. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value) ?? 'null'
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`
}

export function isObject(value: unknown): value is Meta {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function challengeIn(value: string): object[] {
  if (!/^Payment /i.test(value)) return []
  const params = Object.fromEntries([...value.matchAll(CHALLENGE_PARAM)].map(([, name, text]) => [name!, text!]))
  return [{ ...params, request: fromBase64(params.request ?? '') }]
}

function challengeIdOf(asked: Meta): unknown {
  const credential = asked[MPP_CREDENTIAL]
  return isObject(credential) && isObject(credential.challenge) ? credential.challenge.id : undefined
}

function headerIn(headers: Reply['headers'], name: string): string | undefined {
  return headers.find(([key]) => key === name)?.[1]
}

function toBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))
}

function toBase64Url(text: string): string {
  return toBase64(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** The JSON in base64 of either alphabet, which our gateway wrote. */
function fromBase64(text: string): unknown {
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
  return JSON.parse(new TextDecoder().decode(bytes))
}
