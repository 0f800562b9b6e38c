import type { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { fromBase64UrlJson, fromEitherBase64 } from '../challenge/base64Json.ts'
import { decodeMacaroon } from '../challenge/macaroon.ts'
import { mppDeposit } from './depositWire.ts'
import { attempt, fields, malformed } from './malformed.ts'
import type { ChannelRefundAsked, DepositCredential, Proof, SessionCredential } from './proof.ts'
import { readX402 } from './readX402.ts'
import { mppAuthorization, mppCredential, mppPreimage, mppSession } from './wire.ts'

/**
 * A longer header is refused unread. A lightning credential with a long invoice has under 3 kB; an x402 payment brings its extensions, and what clients
 * and servers of HTTP take in one header is 16 kB.
 */
export const PROOF_BYTES_MAX = 16_384

/** Header names in lower case, as Node gives them. */
export type ProofHeaders = Readonly<Record<string, string | string[] | undefined>>

/**
 * Finds and reads the proof of payment of a request; undefined when it carries none (another scheme in `Authorization`, such as Bearer, is none).
 * Throws `proof_ambiguous` for more than one, `proof_unsupported` for a kind that is not offered here, and `proof_malformed` (x402), `credential_malformed`
 * (Payment) or `token_malformed` (L402) for what cannot be read.
 */
export function readProof(headers: ProofHeaders): Proof | undefined {
  const sent = readSent(headers)
  if (sent && isSession(sent)) throw new GatewayError('proof_unsupported', 'A credential of a session is no proof of one payment')
  if (sent?.scheme === 'x402-refund') throw new GatewayError('proof_unsupported', 'Asking for a refund is no proof of a payment')
  return sent
}

type Sent = Proof | ChannelRefundAsked | SessionCredential | DepositCredential

function isSession(sent: Sent): sent is SessionCredential | DepositCredential {
  return sent.scheme === 'mpp-session' || sent.scheme === 'mpp-deposit'
}

/** The same, or what is no payment for one request: the credential of a session, or the wish of a channel's payer to have the rest back. */
export function readSent(headers: ProofHeaders): Sent | undefined {
  const signature = single(headers, 'payment-signature')
  const authorization = single(headers, 'authorization')
  const scheme = authorization === undefined ? undefined : /^\s*(Payment|L402|LSAT)(?:\s+|$)/i.exec(authorization)
  if (signature !== undefined && scheme) {
    throw new GatewayError('proof_ambiguous', 'the request carries PAYMENT-SIGNATURE and a payment in Authorization')
  }
  if (signature !== undefined) return readX402(signature)
  if (authorization === undefined || !scheme) return undefined
  const value = authorization.slice(scheme[0].length).trim()
  return scheme[1]!.toLowerCase() === 'payment' ? readPaid(value) : readToken(value)
}

function single(headers: ProofHeaders, name: string): string | undefined {
  const values = headers[name]
  if (Array.isArray(values) && values.length > 1) {
    throw new GatewayError('proof_ambiguous', `the request carries ${values.length} ${name} headers`)
  }
  const value = Array.isArray(values) ? values[0] : values
  if (value === undefined) return undefined
  if (value.length > PROOF_BYTES_MAX) {
    const code = /^\s*(?:L402|LSAT)\s/i.test(value.slice(0, 64)) ? 'token_malformed' : 'proof_malformed'
    throw malformed(`${name} has ${value.length} bytes, more than ${PROOF_BYTES_MAX}`, code)
  }
  return value
}

/** A credential of the Payment scheme as it was sent, of any method; nothing of it is verified. */
type Credential = z.infer<typeof mppCredential>

/** Reads what stands behind `Payment ` in Authorization. Throws `proof_ambiguous` and `credential_malformed`. */
export function readCredential(text: string): Credential {
  if (/,\s*Payment\s/i.test(text)) throw new GatewayError('proof_ambiguous', 'Authorization carries more than one Payment credential')
  const json = attempt(() => fromBase64UrlJson(text), 'Authorization: Payment is not unpadded base64url of JSON', 'credential_malformed')
  const credential = mppCredential.safeParse(json)
  if (!credential.success) throw malformed(`the Payment credential has wrong fields: ${fields(credential.error)}`, 'credential_malformed')
  return credential.data
}

function readPaid(text: string): Sent {
  const { challenge, payload, source } = readCredential(text)
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
  if (challenge.intent === 'session' && challenge.method === 'evm') {
    const parsed = mppSession.safeParse(payload)
    if (!parsed.success) throw malformed(`the session has wrong fields: ${fields(parsed.error)}`, 'credential_malformed')
    return { scheme: 'mpp-session', challenge, session: parsed.data }
  }
  if (challenge.intent === 'session' && challenge.method === 'lightning') {
    const parsed = mppDeposit.safeParse(payload)
    if (!parsed.success) throw malformed(`the session has wrong fields: ${fields(parsed.error)}`, 'credential_malformed')
    return { scheme: 'mpp-deposit', challenge, session: parsed.data }
  }
  const type = typeof payload.type === 'string' ? ` by ${payload.type.slice(0, 40)}` : ''
  throw new GatewayError('proof_unsupported', `Payment ${challenge.method}/${challenge.intent}${type} is not accepted here`)
}

function readToken(text: string): Proof {
  const match = /^([A-Za-z0-9+/_-]+={0,2}):([0-9a-fA-F]{64})$/.exec(text)
  if (!match) throw malformed('Authorization: L402 is not <base64 macaroon>:<64 hex digits of preimage>', 'token_malformed')
  const bytes = fromEitherBase64(match[1]!)
  const token = bytes && decodeMacaroon(bytes)
  if (!token) throw malformed('the L402 token is not a version 2 macaroon with at most 16 first-party caveats', 'token_malformed')
  return { scheme: 'l402', token, preimage: match[2]!.toLowerCase() }
}

/** Whether these headers bring a credential of a session, so that what it says is done also where nothing is asked for. */
export function bringsSession(headers: ProofHeaders): boolean {
  const { authorization } = headers
  if (typeof authorization !== 'string' || !/^\s*Payment\s/i.test(authorization)) return false
  try {
    const sent = readSent(headers)
    return sent !== undefined && isSession(sent)
  } catch {
    // What is wrong with it is said of the request that asks for something.
    return false
  }
}
