import { type GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { Admitted } from '../../payins/claim/admission.ts'
import type { Answer, PaidRequest } from '../../payins/claim/paidRequest.ts'
import { FAILED_STATUS_MIN, type Told } from '../../payins/claim/paidRequests.ts'
import type { Runner } from '../../payins/claim/runner.ts'
import { bringsSession } from '../../payins/proof/readProof.ts'
import { type Collection, receiptHeaders } from '../../payins/proof/receiptHeaders.ts'
import type { VerifiedProof } from '../../payins/proof/verifiedProof.ts'
import type { SignJws } from '../../payins/proof/x402Receipt.ts'
import type { ReceiptId } from '../../ports/ids.ts'
import type { StoredAnswer } from '../../ports/keptAnswers.ts'
import { callingAgent } from './callingAgent.ts'
import { challengeFor } from './challenge.ts'
import { paidFor } from './invoicing.ts'
import type { PaidFaces } from './paidFaces.ts'
import type { Paying } from './passPayment.ts'
import { readPayment } from './payment.ts'
import type { AskedRequest, PricedRoute } from './pricedRoute.ts'
import { answerWithRefund, challengeWithRefund, refundPromised, refusalWithRefund } from './refundShown.ts'
import { type Steps, stepsOf } from './sessionSteps.ts'
import { createShowChallenge, type ShownChallenge } from './showChallenge.ts'

/** Answers kept for a repeat of the same request are text of at most this many bytes; a longer or streamed answer is given once. */
export const KEPT_BODY_BYTES_MAX = 65_536

/** Answered inside a new challenge: a payment is needed, or (x402) the payer has to let Permit2 take the token first. */
const CHALLENGED: ReadonlySet<number> = new Set([402, 412])

/** A request whose work may run now, this one time. */
export type Run = Readonly<{ request: PaidRequest; proof: VerifiedProof | undefined; steps?: Steps | undefined }>
type Headers = readonly (readonly [string, string])[]
type Unmetered = Extract<Paying, { kind: 'unmetered' | 'told' }>

/** An answer that is kept beside the journal. */
export type Stored = Readonly<{ kind: 'stored'; receipt: ReceiptId; answer: Answer; headers: Headers; stored: StoredAnswer }>

/** What becomes of a request for something priced. */
type Entry =
  | Readonly<{ kind: 'run'; run: Run }>
  /** The work may run, and nobody is told of its answer. */
  | Readonly<{ kind: 'open'; headers: Headers }>
  | Readonly<{ kind: 'replayed'; answer: Answer; headers: Headers }>
  /** As that, but its body is fetched from where long ones are kept. */
  | Stored
  | Readonly<{ kind: 'unpaid'; shown: ShownChallenge }>
  | Readonly<{ kind: 'refused'; error: GatewayError }>

export type Paywall = ReturnType<typeof createPaywall>

/**
 * What stands before priced work, wherever it runs: without proof one 402 for every client, with proof a durable claim, so that the work runs once, then
 * its durable answer and a receipt.
 */
export function createPaywall(faces: PaidFaces) {
  const { admission, challengeKeys: keys, signJws } = faces.payins
  const unpaid = createUnpaid(faces)

  /** A payment that has gone back is no success in the words of any protocol: only our receipt names it. */
  function headersOf({ request, proof }: Run, status: number, origin: string): Headers {
    return receiptHeaders({
      receiptId: request.receipt,
      statusUrl: `${origin}/v1/payments/${request.receipt}`,
      at: faces.ground.clock.now(),
      collection: collectionOf(request),
      rail: request.rail,
      signJws,
      taken: takenOf(request),
      ...(proof && status < FAILED_STATUS_MIN ? { proof } : {}),
    })
  }

  return {
    /** With `runner` the work runs in another process. `origin`: how this gateway is reached. */
    async admit(route: PricedRoute, asked: AskedRequest, origin: string, runner?: Runner): Promise<Entry> {
      try {
        const entry = await admitted(faces, { route, asked, runner })
        if (!entry) return await unpaid(route, asked)
        if (entry.kind === 'told') return { kind: 'replayed', answer: jsonAnswer(entry.body), headers: entry.headers }
        if (entry.kind === 'unmetered')
          return { kind: 'open', headers: openHeaders(entry, { at: faces.ground.clock.now(), origin, signJws }) }
        if (entry.kind === 'run') {
          // A use of a pass that was paid for once.
          if (entry.proof && entry.request.rail !== 'book') paidFor(faces, route, asked)
          if (!asked.isMany) faces.payins.regimes?.note(route.passDigest, asked.asker)
          return { kind: 'run', run: entry }
        }
        const { answer, request } = entry
        const { body, headers } = answerWithRefund(answer, request, { keys, origin })
        const all = [...headersOf(entry, answer.status, origin), ...headers, ['idempotent-replayed', 'true'] as const]
        if (entry.kind === 'stored') return { kind: 'stored', receipt: request.receipt, answer, headers: all, stored: entry.stored }
        return { kind: 'replayed', answer: { status: answer.status, contentType: answer.contentType, body }, headers: all }
      } catch (error) {
        if (!isGatewayError(error)) throw error
        // What is wrong with a proof is said inside a new challenge, so that a client can go on from there.
        const refusal = refusalWithRefund(error, { keys, origin })
        return CHALLENGED.has(error.status) ? unpaid(route, asked, refusal) : { kind: 'refused', error: refusal }
      }
    },
    /** Durable before the payer sees it; only then does an authorization that is collected after the work leave its hold. */
    finish: (request: PaidRequest, answer: Answer): Promise<void> => admission.finish(request, answer),
    /** What the work of an answer that goes out has used so far: durable, and taken also where nothing else is said. */
    told: (request: PaidRequest, told: Told): Promise<void> => admission.told(request, told),
    /** An answer that is durable as its payer gets it: with its receipt, and with the link to what is kept for the payer where the work failed. */
    async shown(run: Run, answer: Answer, origin: string): Promise<Readonly<{ body: Answer['body']; headers: Headers }>> {
      const isServed = answer.status < FAILED_STATUS_MIN
      if (isServed && run.request.metered === 'no') return { body: answer.body, headers: headersOf(run, answer.status, origin) }
      const ended = (await faces.payins.findRequest(run.request.claimKey)) ?? run.request
      const headers = headersOf({ ...run, request: ended }, answer.status, origin)
      if (isServed) return { body: answer.body, headers }
      const shown = answerWithRefund(answer, ended, { keys, origin })
      return { body: shown.body, headers: [...headers, ...shown.headers] }
    },
    /** What a seller elsewhere adds to the answer of a run: where the work was done, and where it failed. */
    orderedHeaders: (run: Run, payee: Payee, origin: string) => ({
      served: headersOf(run, 200, origin),
      failed: [...headersOf(run, FAILED_STATUS_MIN, origin), ...refundPromised(run.request, payee, { keys, origin })],
    }),
  }
}

/** A challenge for a request that pays nothing, or not rightly. */
function createUnpaid(faces: PaidFaces) {
  const show = createShowChallenge(faces)
  return async (route: PricedRoute, asked: AskedRequest, refusal?: GatewayError): Promise<Entry> => {
    const challenge = await challengeFor(faces, route, asked, refusal)
    return { kind: 'unpaid', shown: show(refusal ? challengeWithRefund(challenge, refusal) : challenge, { route, asked }) }
  }
}

function jsonAnswer(body: string) {
  return { status: 200, contentType: 'application/json; charset=utf-8', body }
}

/** Units of the rail's asset; not known while the work has not said what it used of a maximum. */
function takenOf({ metered, units, chargedUnits }: PaidRequest): bigint | 'unknown' {
  if (metered === 'open') return 'unknown'
  return metered === 'charged' ? chargedUnits : units
}

type Entered = Exclude<Admitted, { kind: 'run' }> | (Extract<Admitted, { kind: 'run' }> & Pick<Run, 'steps'>) | Unmetered
type Asking = Readonly<{ route: PricedRoute; asked: AskedRequest; runner: Runner | undefined }>

/** What a payment that comes along lets the request do, whoever may ask for the route. */
async function admitted(faces: PaidFaces, { route, asked, runner }: Asking): Promise<Entered | undefined> {
  const agent = await callingAgent(faces, route, asked)
  // HEAD brings nobody what was paid for, and clients and caches send it on their own: but for a session, of which it changes what was vouched for.
  if (asked.method === 'HEAD' && !bringsSession(asked.headers)) return undefined
  const paying = await readPayment(faces, { route, request: asked, runner })
  if (paying?.kind !== 'payment') return paying
  const payment = agent === undefined ? paying.payment : { ...paying.payment, agent }
  const { payee, publicUrl, url } = route
  const name = `${payee.kind === 'party' ? payee.party : payee.split.key} ${url}`
  const bought = { resource: `${publicUrl}${url}`, route: name, payee }
  try {
    const entry = await faces.payins.admission.admit(payment, bought, runner)
    return entry.kind === 'run' ? { ...entry, steps: stepsOf({ faces, route, payment, bought, run: entry }) } : entry
  } finally {
    paying.leave?.()
  }
}

/** Of the pass that is used, which is paid for. */
function openHeaders(
  { receipt: receiptId, proof }: Extract<Unmetered, { kind: 'unmetered' }>,
  { at, origin, signJws }: Readonly<{ at: number; origin: string; signJws: SignJws }>,
): Headers {
  return receiptHeaders({ receiptId, statusUrl: `${origin}/v1/payments/${receiptId}`, at, collection: { kind: 'held' }, proof, signJws })
}

/** What is known of an authorization's money now. Without a transaction it is not settled, whatever was booked: a chain may have taken its block back. */
function collectionOf({ collection, transaction, metered, chargedUnits }: PaidRequest): Collection {
  if (metered === 'charged' && chargedUnits === 0n) return { kind: 'settled', transaction: '' }
  if (transaction !== '') return { kind: 'settled', transaction }
  return { kind: collection === 'failed' ? 'failed' : 'held' }
}
