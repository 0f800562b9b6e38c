import type { SignedTransfer } from '../payins/proof/proof.ts'
import type { Reason, Refusal } from './reasons.ts'
import { envelope, signedPayload, type Terms, terms } from './wire.ts'

/** A payment as a seller hands it over: well formed, nothing verified. `required`: what the seller asks. */
export type Payment = Readonly<{ accepted: Terms; required: Terms; transfer: SignedTransfer }>

const VERSION = 2

/** Reads the body of `/verify` and `/settle`. */
export function readPayment(body: unknown): Payment | Refusal {
  const whole = envelope.safeParse(body)
  if (!whole.success) return malformed('invalid_payload', `the body needs ${fields(whole.error)}`)
  const { x402Version, paymentPayload, paymentRequirements } = whole.data
  for (const version of [x402Version, paymentPayload.x402Version]) {
    if (version !== VERSION) return malformed('invalid_x402_version', 'x402Version has to be 2, in the body and in paymentPayload')
  }
  const required = terms.safeParse(paymentRequirements)
  if (!required.success) return malformed('invalid_payment_requirements', `paymentRequirements has wrong fields: ${fields(required.error)}`)
  const accepted = terms.safeParse(paymentPayload.accepted)
  if (!accepted.success) return malformed('invalid_payload', `paymentPayload.accepted has wrong fields: ${fields(accepted.error)}`)
  const method = required.data.extra?.assetTransferMethod ?? 'eip3009'
  if (method !== 'eip3009' || hasPermit(paymentPayload.payload)) {
    return { reason: 'unsupported_payload_type', message: 'only authorizations of EIP-3009 are settled here' }
  }
  const signed = signedPayload.safeParse(paymentPayload.payload)
  if (!signed.success) return malformed('invalid_payload', `paymentPayload.payload has wrong fields: ${fields(signed.error)}`)
  const { authorization, signature } = signed.data
  return { accepted: accepted.data, required: required.data, transfer: { ...authorization, signature } }
}

function hasPermit(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && Object.hasOwn(payload, 'permit2Authorization')
}

function malformed(reason: Reason, message: string): Refusal {
  return { reason, message, isMalformed: true }
}

type ZodIssues = Readonly<{ issues: readonly { path: readonly PropertyKey[] }[] }>

/** Which fields, and nothing of what stands in them. */
function fields(error: ZodIssues): string {
  return [...new Set(error.issues.map((issue) => issue.path.map(String).join('.') || 'an object'))].slice(0, 8).join(', ')
}
