import { GatewayError } from '../../errors/gatewayError.ts'
import { max } from '../../money/integers.ts'
import type { VerifiedProof } from '../proof/verifiedProof.ts'
import type { PaidRequest } from './paidRequest.ts'

/** How long an offer can be paid, and the answer that it bought is given again. */
export const OFFER_LIFE_MS = 300_000

/** `keyed`: the request names itself by an Idempotency-Key, which is part of its fingerprint. */
type Repeated = Readonly<{ fingerprint: string; keyed: boolean; proof: VerifiedProof | undefined }>

/**
 * Refuses to give the answer of `request` to another request, or to the same one too late. This is the one place where it stands how long a proof is worth
 * its answer: as long as an offer lives, and after that to the name that the request gave itself. Who is still owed the answer is not told to pay again.
 */
export function checkRepeat({ fingerprint, keyed, proof }: Repeated, request: PaidRequest, now: number): void {
  const { rail, receipt } = request
  if (request.fingerprint !== fingerprint) {
    if (rail === 'book' || !proof)
      throw new GatewayError('idempotency_key_reused', `This Idempotency-Key has paid for another request (receipt ${receipt})`)
    throw new GatewayError('proof_used', `This proof has paid for another request (receipt ${receipt})`)
  }
  if (keyed || request.state !== 'answered' || now <= max(request.at, request.answerBy) + OFFER_LIFE_MS) return
  throw new GatewayError('proof_used', `This proof has paid, and its answer is given no more (receipt ${receipt})`)
}
