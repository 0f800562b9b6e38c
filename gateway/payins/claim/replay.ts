import { GatewayError } from '../../errors/gatewayError.ts'
import { max } from '../../money/integers.ts'
import type { VerifiedProof } from '../proof/verifiedProof.ts'
import { isRefundKept, type PaidRequest } from './paidRequest.ts'

/** How long an offer can be paid, and the answer that it bought is given again. */
export const OFFER_LIFE_MS = 300_000

/** How long after its claim work that failed is done again for the same proof, when its payees hold the money. */
export const AGAIN_LIFE_MS = 86_400_000

/** In a refusal about a request whose money is kept for its payer: whoever shows it adds where that is fetched. */
export function keptFor(request: PaidRequest): Readonly<{ refund_kept?: true }> {
  return isRefundKept(request) ? { refund_kept: true } : {}
}

/**
 * What a payer calls a payment (x402 `payment-identifier`), as the claim that is taken with that of its proof. `stands`: another proof may have come with it
 * before, or this one.
 */
export type PaymentName = Readonly<{ claim: string; stands: boolean }>

/** `keyed`: the request names itself by an Idempotency-Key or as a payment, and the name is part of its fingerprint. */
type Repeated = Readonly<{ fingerprint: string; keyed: boolean; name?: PaymentName; proof: VerifiedProof | undefined }>

/**
 * Refuses to give the answer of `request` to another request, or to the same one too late. This is the one place where it stands how long a proof is worth
 * its answer: as long as an offer lives, a day under the name of a payment, and for ever to the Idempotency-Key that the request gave itself. Who is still owed
 * the answer is not told to pay again.
 */
export function checkRepeat({ fingerprint, keyed, name, proof }: Repeated, request: PaidRequest, now: number): void {
  const { receipt } = request
  if (request.fingerprint !== fingerprint) {
    if (!proof) throw new GatewayError('idempotency_key_reused', `This Idempotency-Key has paid for another request (receipt ${receipt})`)
    if (name?.stands) throw new GatewayError('payment_id_used', `This payment id has paid for another request (receipt ${receipt})`)
    throw new GatewayError('proof_used', `This proof has paid for another request (receipt ${receipt})`)
  }
  const lifeMs = name || request.unserved === 'stays' ? AGAIN_LIFE_MS : OFFER_LIFE_MS
  const isForEver = keyed && !name
  if (isForEver || request.state !== 'answered' || now <= max(request.at, request.answerBy) + lifeMs) return
  const meta = { receipt, ...keptFor(request) }
  if (name?.stands)
    throw new GatewayError('payment_id_used', `This payment id has paid, and its answer is given no more (receipt ${receipt})`, { meta })
  throw new GatewayError('proof_used', `This proof has paid, and its answer is given no more (receipt ${receipt})`, { meta })
}

/**
 * What is told of `request` in place of its answer, which nobody has any more. A client of L402 keeps its token and shows it until a 402 says that it buys
 * nothing: it gets a new challenge, and `otherwise` is the end of the matter to it. Who named the request asked for that very one, and who is still owed the
 * answer is not told to pay again.
 */
export function insteadOf(
  { keyed, proof }: Repeated,
  request: PaidRequest,
  { now, otherwise }: Readonly<{ now: number; otherwise: GatewayError }>,
): GatewayError {
  const { receipt, rail, state, unserved, at } = request
  const isOwed = unserved === 'stays' && now <= at + AGAIN_LIFE_MS
  // A use of a pass says nothing of the token, which buys the next one.
  if (keyed || isOwed || proof?.scheme !== 'l402' || rail !== 'lightning') return otherwise
  const what = state === 'interrupted' ? 'the work that it paid for was cut off' : 'its answer was given once and was too long to keep'
  return new GatewayError('proof_used', `This token has paid, and ${what} (receipt ${receipt})`, { meta: { receipt, ...keptFor(request) } })
}

/** The payment as it stands once `request` was found under its claim: another proof may have come under the payment's name at the same moment. */
export function standsAs<P extends Readonly<{ claimKey: string; name?: PaymentName }>>(payment: P, { claimKey }: PaidRequest): P {
  const { name } = payment
  return name && claimKey !== payment.claimKey ? { ...payment, claimKey, name: { ...name, stands: true } } : payment
}
