import { GatewayError } from '../../errors/gatewayError.ts'
import type { Challenge } from '../../payins/challenge/buildChallenge.ts'
import type { Admitted } from '../../payins/claim/admission.ts'
import type { Answer, PaidRequest } from '../../payins/claim/paidRequest.ts'
import { FAILED_STATUS_MIN } from '../../payins/claim/paidRequests.ts'
import type { Runner } from '../../payins/claim/runner.ts'
import { type Collection, receiptHeaders } from '../../payins/proof/receiptHeaders.ts'
import type { VerifiedProof } from '../../payins/proof/verifiedProof.ts'
import { challengeFor } from './challenge.ts'
import { paidFor } from './invoicing.ts'
import type { PaidFaces } from './paidFaces.ts'
import { readPayment } from './payment.ts'
import type { AskedRequest, PricedRoute } from './pricedRoute.ts'

/** Answers kept for a repeat of the same request are text of at most this many bytes; a longer or streamed answer is given once. */
export const KEPT_BODY_BYTES_MAX = 65_536

/** A request whose work may run now, this one time. */
export type Run = Readonly<{ request: PaidRequest; proof: VerifiedProof | undefined }>
type Headers = readonly (readonly [string, string])[]

/** What becomes of a request for something priced. */
type Entry =
  | Readonly<{ kind: 'run'; run: Run }>
  | Readonly<{ kind: 'replayed'; answer: Answer & Readonly<{ body: string }>; headers: Headers }>
  | Readonly<{ kind: 'unpaid'; challenge: Challenge }>
  | Readonly<{ kind: 'refused'; error: GatewayError }>

export type Paywall = ReturnType<typeof createPaywall>

/**
 * What stands before priced work, wherever it runs: without proof one 402 for every client, with proof a durable claim, so that the work runs once, then
 * its durable answer and a receipt.
 */
export function createPaywall(faces: PaidFaces) {
  const { admission } = faces.payins

  async function admitted(route: PricedRoute, asked: AskedRequest, runner: Runner | undefined): Promise<Admitted | undefined> {
    // HEAD brings nobody what was paid for, and clients and caches send it on their own.
    if (asked.method === 'HEAD') return undefined
    const payment = await readPayment(faces, route, asked)
    if (!payment) return undefined
    const { payee, publicUrl, url } = route
    const name = `${payee.kind === 'party' ? payee.party : payee.split.key} ${url}`
    return admission.admit(payment, { resource: `${publicUrl}${url}`, route: name, payee }, runner)
  }

  /** A payment that has gone back is no success in the words of any protocol: only our receipt names it. */
  function headersOf({ request, proof }: Run, status: number, origin: string): Headers {
    return receiptHeaders({
      receiptId: request.receipt,
      statusUrl: `${origin}/v1/payments/${request.receipt}`,
      at: faces.ground.clock.now(),
      collection: collectionOf(request),
      ...(proof && status < FAILED_STATUS_MIN ? { proof } : {}),
    })
  }

  return {
    headersOf,
    /** With `runner` the work runs in another process. `origin`: how this gateway is reached. */
    async admit(route: PricedRoute, asked: AskedRequest, origin: string, runner?: Runner): Promise<Entry> {
      try {
        const entry = await admitted(route, asked, runner)
        if (!entry) return { kind: 'unpaid', challenge: await challengeFor(faces, route, asked) }
        if (entry.kind === 'run') {
          if (entry.proof) paidFor(faces, route, asked)
          return { kind: 'run', run: entry }
        }
        const headers = [...headersOf(entry, entry.answer.status, origin), ['idempotent-replayed', 'true'] as const]
        return { kind: 'replayed', answer: entry.answer, headers }
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error
        // What is wrong with a proof is said inside a new challenge, so that a client can go on from there.
        if (error.status === 402) return { kind: 'unpaid', challenge: await challengeFor(faces, route, asked, error) }
        return { kind: 'refused', error }
      }
    },
    /** Durable before the payer sees it; only then does an authorization that is collected after the work leave its hold. */
    finish: (request: PaidRequest, answer: Answer): Promise<void> => admission.finish(request, answer),
  }
}

/** What is known of an authorization's money now. Without a transaction it is not settled, whatever was booked: a chain may have taken its block back. */
function collectionOf({ collection, transaction }: PaidRequest): Collection {
  if (transaction !== '') return { kind: 'settled', transaction }
  return { kind: collection === 'failed' ? 'failed' : 'held' }
}
