import { GatewayError } from '../../errors/gatewayError.ts'
import { notCollected } from '../../payins/claim/notCollected.ts'
import type { PaidRequest } from '../../payins/claim/paidRequest.ts'
import type { VerifiedProof } from '../../payins/proof/verifiedProof.ts'
import type { PaidRouteGateway } from '../http/context.ts'
import type { Payment, PricedRoute } from './pricedRoute.ts'

export type Answer = Readonly<{ status: number; contentType: string; body: string | undefined }>

/** What a request with a payment may do: run the handler, this one time, or get the answer that stands. */
export type Admission =
  | Readonly<{ kind: 'run'; request: PaidRequest; proof: VerifiedProof | undefined }>
  | Readonly<{ kind: 'answered'; request: PaidRequest; proof: VerifiedProof | undefined; answer: Answer }>

/** Above this price (USD, 6 places) an authorization is collected before the work; below it after the answer. */
const SETTLE_FIRST_UNITS = 100_000n
/** A payer may owe us at most this (units of the asset of balances) on answers given and not collected; beyond it we collect first. */
const EXPOSURE_UNITS_MAX = 1_000_000n
const COLLECT_DEADLINE_MS = 20_000
/** A copy of a request that is running waits this long for its answer before it is told to come back. */
const COPY_DEADLINE_MS = 10_000

/** Claims, runs once, records. One for each app. */
export function requestRunner(g: PaidRouteGateway) {
  const running = new Map<string, { done: Promise<void>; finish: () => void }>()

  function begin(claimKey: string): void {
    let finish: () => void = () => undefined
    const done = new Promise<void>((resolve) => {
      finish = resolve
    })
    running.set(claimKey, { done, finish })
  }

  function end(claimKey: string): void {
    running.get(claimKey)?.finish()
    running.delete(claimKey)
  }

  async function admit(payment: Payment, route: PricedRoute): Promise<Admission> {
    const { claimKey, fingerprint, proof } = payment
    // A copy may have come and been answered since the payment was read; one so new is in memory.
    if (payment.standing || g.requestRecords.byClaim(claimKey) || running.has(claimKey)) return repeat(payment)
    begin(claimKey)
    try {
      if (proof?.kind === 'authorization') g.collections.admit()
      const funding = await payment.funding()
      if (!funding) throw new GatewayError('outcome_unknown', 'The invoice is paid, but our node has not reported it yet')
      const { payer, price, credit } = payment
      const settleFirst = proof?.kind === 'authorization' && mustSettleFirst(payment)
      const claimed = await g.requests.claim({
        claimKey,
        fingerprint,
        payer,
        resource: `${route.publicUrl}${route.url}`,
        price,
        credit,
        payee: route.payee,
        funding,
        settleFirst,
      })
      if (claimed.kind === 'standing') {
        end(claimKey)
        return await repeat(payment)
      }
      if (settleFirst) await collectFirst(claimed.request)
      return { kind: 'run', request: claimed.request, proof }
    } catch (error) {
      end(claimKey)
      throw error
    }
  }

  function mustSettleFirst(payment: Payment): boolean {
    if (payment.price.units > SETTLE_FIRST_UNITS || g.requestRecords.distrusted(payment.payer)) return true
    return g.requestRecords.exposure(payment.payer) > EXPOSURE_UNITS_MAX
  }

  /** Collects before the work. The mark that the work begins is durable too, so that a crash can not lead to a second run. */
  async function collectFirst(request: PaidRequest): Promise<void> {
    const outcome = await g.collections.now(request.claimKey, COLLECT_DEADLINE_MS)
    if (outcome.kind === 'failed') throw notCollected(outcome.reason)
    if (outcome.kind === 'unknown') throw new GatewayError('outcome_unknown', 'The authorization is being collected')
    await g.requests.started(request)
  }

  /** The same proof again: the same answer for the same request, and nothing for another. */
  async function repeat(payment: Payment): Promise<Admission> {
    const { claimKey, fingerprint, proof } = payment
    const copy = running.get(claimKey)
    if (copy) {
      const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), COPY_DEADLINE_MS).unref())
      if ((await Promise.race([copy.done, late])) === 'late')
        throw new GatewayError('request_in_progress', 'The request that this proof pays is still running')
    }
    // What has its answer keeps it; anything else is looked at as it is now.
    const request = payment.standing?.state === 'answered' ? payment.standing : await g.findRequest(claimKey)
    if (!request) throw new GatewayError('request_in_progress', 'The first request with this proof was not accepted; send it again')
    if (request.fingerprint !== fingerprint && request.rail === 'book')
      throw new GatewayError('idempotency_key_reused', `This Idempotency-Key has paid for another request (receipt ${request.receipt})`)
    if (request.fingerprint !== fingerprint && !proof) {
      throw new GatewayError('idempotency_key_reused', `This Idempotency-Key has paid for another request (receipt ${request.receipt})`)
    }
    if (request.fingerprint !== fingerprint)
      throw new GatewayError('proof_used', `This proof has paid for another request (receipt ${request.receipt})`)
    if (request.state === 'interrupted')
      throw new GatewayError('request_interrupted', 'The gateway stopped while the request ran', { meta: { receipt: request.receipt } })
    if (request.state === 'claimed') return resume(request, proof)
    const answer = await g.answerOf(request.answeredSeq, request.receipt)
    if (answer?.body === undefined) {
      throw new GatewayError('answer_not_kept', 'The answer was given once and was too long to keep', {
        meta: { receipt: request.receipt, status: request.status },
      })
    }
    return { kind: 'answered', request, proof, answer }
  }

  /** Claimed, not run: only an authorization that is collected first gets here, when its outcome was not known in time. */
  async function resume(request: PaidRequest, proof: VerifiedProof | undefined): Promise<Admission> {
    if (request.collection === 'failed') throw new GatewayError('payment_not_collected', 'The chain refused the authorization')
    // Anything else that is claimed runs now, or did and could not be recorded: it must not run a second time.
    if (request.started || !request.settleFirst)
      throw new GatewayError('request_in_progress', 'The request that this proof pays is still running')
    begin(request.claimKey)
    try {
      if (request.collection === 'held') await collectFirst(request)
      else await g.requests.started(request)
      return { kind: 'run', request, proof }
    } catch (error) {
      end(request.claimKey)
      throw error
    }
  }

  /** Records the answer; after good work an authorization is collected, after failed work the money has gone back with the answer. */
  async function finish(request: PaidRequest, answer: Answer): Promise<void> {
    try {
      await g.requests.answer(request, answer)
      const held = g.requestRecords.byClaim(request.claimKey)?.collection === 'held'
      if (held && !request.settleFirst) g.collections.enqueue(request.claimKey)
    } finally {
      end(request.claimKey)
    }
  }

  return Object.assign(admit, { finish })
}
