import { GatewayError } from '../../errors/gatewayError.ts'
import { fromBase64Json, fromBase64UrlJson, fromEitherBase64 } from '../challenge/base64Json.ts'
import { decodeMacaroon } from '../challenge/macaroon.ts'
import type { Proof } from './proof.ts'
import { mppAuthorization, mppCredential, mppPreimage, x402Envelope, x402Payment } from './wire.ts'

/**
 * A longer header is refused unread. A lightning credential with a long invoice has under 3 kB; an x402 payment brings its extensions, and what clients
 * and servers of HTTP take in one header is 16 kB.
 */
export const PROOF_BYTES_MAX = 16_384

/** Header names in lower case, as Node gives them. */
export type ProofHeaders = Readonly<Record<string, string | string[] | undefined>>

/**
 * Finds and reads the proof of payment of a request; undefined when it carries none (another scheme in `Authorization`, such as Bearer, is none).
 * Throws `proof_ambiguous` for more than one, `proof_unsupported` for a kind that is not offered here, and `proof_malformed` (x402, L402) or
 * `credential_malformed` (Payment) for what cannot be read.
 */
export function readProof(headers: ProofHeaders): Proof | undefined {
  const signature = single(headers, 'payment-signature')
  const authorization = single(headers, 'authorization')
  const scheme = authorization === undefined ? undefined : /^\s*(Payment|L402|LSAT)(?:\s+|$)/i.exec(authorization)
  if (signature !== undefined && scheme) {
    throw new GatewayError('proof_ambiguous', 'the request carries PAYMENT-SIGNATURE and a payment in Authorization')
  }
  if (signature !== undefined) return readX402(signature)
  if (authorization === undefined || !scheme) return undefined
  const value = authorization.slice(scheme[0].length).trim()
  return scheme[1]!.toLowerCase() === 'payment' ? readCredential(value) : readToken(value)
}

function single(headers: ProofHeaders, name: string): string | undefined {
  const values = headers[name]
  if (Array.isArray(values) && values.length > 1) {
    throw new GatewayError('proof_ambiguous', `the request carries ${values.length} ${name} headers`)
  }
  const value = Array.isArray(values) ? values[0] : values
  if (value === undefined) return undefined
  if (value.length > PROOF_BYTES_MAX) throw malformed(`${name} has ${value.length} bytes, more than ${PROOF_BYTES_MAX}`)
  return value
}

function readX402(text: string): Proof {
  const json = attempt(() => fromBase64Json(text.trim()), 'PAYMENT-SIGNATURE is not base64 of JSON')
  const payment = x402Payment.safeParse(json)
  if (!payment.success) throw x402Refusal(json, payment.error)
  const { resource, payload, accepted: a } = payment.data
  return {
    scheme: 'x402',
    url: resource?.url,
    accepted: { chainId: a.network, asset: a.asset, payTo: a.payTo, amount: a.amount, quote: a.extra?.quote },
    transfer: { ...payload.authorization, signature: payload.signature },
  }
}

/** Why this is no payment that we take: another kind of x402 is told from one that is written wrongly. */
function x402Refusal(json: unknown, error: ZodIssues): GatewayError {
  const envelope = x402Envelope.safeParse(json)
  if (!envelope.success) return malformed(`PAYMENT-SIGNATURE is not an x402 payment: ${fields(envelope.error)}`)
  const { x402Version, accepted } = envelope.data
  if (x402Version !== 2) return new GatewayError('proof_unsupported', `x402 version ${x402Version} is not spoken here, version 2 is`)
  const method = accepted.extra?.assetTransferMethod ?? 'eip3009'
  if (accepted.scheme !== 'exact' || method !== 'eip3009' || !accepted.network.startsWith('eip155:')) {
    const kind = `${accepted.scheme.slice(0, 40)} on ${accepted.network.slice(0, 40)} by ${method.slice(0, 40)}`
    return new GatewayError('proof_unsupported', `x402 ${kind} is not accepted, exact on an EVM chain by eip3009 is`)
  }
  return malformed(`PAYMENT-SIGNATURE has wrong fields: ${fields(error)}`)
}

function readCredential(text: string): Proof {
  if (/,\s*Payment\s/i.test(text)) throw new GatewayError('proof_ambiguous', 'Authorization carries more than one Payment credential')
  const json = attempt(() => fromBase64UrlJson(text), 'Authorization: Payment is not unpadded base64url of JSON', 'credential_malformed')
  const credential = mppCredential.safeParse(json)
  if (!credential.success) throw malformed(`the Payment credential has wrong fields: ${fields(credential.error)}`, 'credential_malformed')
  const { challenge, payload, source } = credential.data
  if (challenge.intent === 'charge' && challenge.method === 'evm' && payload.type === 'authorization') {
    const parsed = mppAuthorization.safeParse(payload)
    if (!parsed.success) throw malformed(`the authorization has wrong fields: ${fields(parsed.error)}`, 'credential_malformed')
    return { scheme: 'mpp-evm', challenge, source, transfer: parsed.data }
  }
  if (challenge.intent === 'charge' && challenge.method === 'lightning') {
    const parsed = mppPreimage.safeParse(payload)
    if (!parsed.success) throw malformed('the preimage is not 64 lower-case hex digits', 'credential_malformed')
    return { scheme: 'mpp-lightning', challenge, preimage: parsed.data.preimage }
  }
  const type = typeof payload.type === 'string' ? ` by ${payload.type.slice(0, 40)}` : ''
  throw new GatewayError('proof_unsupported', `Payment ${challenge.method}/${challenge.intent}${type} is not accepted here`)
}

function readToken(text: string): Proof {
  const match = /^([A-Za-z0-9+/_-]+={0,2}):([0-9a-fA-F]{64})$/.exec(text)
  if (!match) throw malformed('Authorization: L402 is not <base64 macaroon>:<64 hex digits of preimage>')
  const bytes = fromEitherBase64(match[1]!)
  const token = bytes && decodeMacaroon(bytes)
  if (!token) throw malformed('the L402 token is not a version 2 macaroon with at most 16 first-party caveats')
  return { scheme: 'l402', token, preimage: match[2]!.toLowerCase() }
}

type Malformed = 'proof_malformed' | 'credential_malformed'

function malformed(message: string, code: Malformed = 'proof_malformed'): GatewayError {
  return new GatewayError(code, message)
}

/** Turns a syntax error into a refusal; its text may hold parts of the input, so only our message is shown. */
function attempt<T>(read: () => T, message: string, code: Malformed = 'proof_malformed'): T {
  try {
    return read()
  } catch (cause) {
    throw new GatewayError(code, message, { cause })
  }
}

type ZodIssues = Readonly<{ issues: readonly { path: readonly PropertyKey[] }[] }>

function fields(error: ZodIssues): string {
  return [...new Set(error.issues.map((issue) => issue.path.map(String).join('.') || 'the whole'))].slice(0, 8).join(', ')
}
