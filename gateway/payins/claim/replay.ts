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

/** `keyed`: the request names itself by an Idempotency-Key, which is part of its fingerprint. */
type Repeated = Readonly<{ fingerprint: string; keyed: boolean; proof: VerifiedProof | undefined }>

/**
 * Refuses to give the answer of `request` to another request, or to the same one too late. This is the one place where it stands how long a proof is worth
 * its answer: as long as an offer lives, and after that to the name that the request gave itself. Who is still owed the answer is not told to pay again.
 */
export function checkRepeat({ fingerprint, keyed, proof }: Repeated, request: PaidRequest, now: number): void {
  const { receipt } = request
  if (request.fingerprint !== fingerprint) {
    if (!proof) throw new GatewayError('idempotency_key_reused', `This Idempotency-Key has paid for another request (receipt ${receipt})`)
    throw new GatewayError('proof_used', `This proof has paid for another request (receipt ${receipt})`)
  }
  const lifeMs = request.unserved === 'stays' ? AGAIN_LIFE_MS : OFFER_LIFE_MS
  if (keyed || request.state !== 'answered' || now <= max(request.at, request.answerBy) + lifeMs) return
  throw new GatewayError('proof_used', `This proof has paid, and its answer is given no more (receipt ${receipt})`, {
    meta: { receipt, ...keptFor(request) },
  })
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
