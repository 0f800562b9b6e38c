import type { Fact } from '../../ports/books.ts'
import type { EntryId, Hex, ReceiptId } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import { chainEvidence } from '../settlement/chainEvidence.ts'
import { readSettlementFact } from '../settlement/facts.ts'
import { type ClaimedFact, readRequestFact } from './facts.ts'

/**
 * One paid request. `claimed`: durable, the handler has not answered. `answered`: its answer is durable. `interrupted`: the process ended in
 * between, or another one did not answer in time; the handler is not run again and the money went back. `collection` is the state of an authorization held for it.
 */
export type PaidRequest = Readonly<{
  receipt: ReceiptId
  claimKey: string
  fingerprint: string
  rail: RailName
  entry: EntryId
  payer: string
  units: bigint
  /** What the payee is given in the asset of balances when the authorization is in another: leg 1 of the entry holds it. Else 0. */
  converted: bigint
  /** In units of USD, where an authorization pays; 0 for what was claimed before prices were kept. */
  price: bigint
  /** Its entry holds the price of what may be owed, behind what it holds of money. */
  exposed: boolean
  state: 'claimed' | 'answered' | 'interrupted'
  status: number
  collection: 'none' | 'held' | 'collected' | 'failed'
  /** Where the chain took the money; '' while it has not, and for other rails. */
  transaction: Hex | ''
  /** The work began after its money was collected; only marked where money is collected first. */
  started: boolean
  /** Collected before the work, by the price or the payer. */
  settleFirst: boolean
  /** Who runs the work when that is another process, and until when (ms) its answer is waited for. '' and 0: this process runs it. */
  runner: string
  answerBy: number
  at: number
  seq: number
  answeredSeq: number
}>

/** The answer to a paid request. `body` is undefined where it was given once and was too long to keep. */
export type Answer = Readonly<{ status: number; contentType: string; body: string | undefined }>

/** The request that a `request.claimed` fact of block `seq` makes. */
export function claimedRequest({ id, at, data }: ClaimedFact, seq: number): PaidRequest {
  return {
    receipt: id,
    claimKey: data.claimKey,
    fingerprint: data.fingerprint,
    rail: data.rail,
    entry: data.entry,
    payer: data.payer,
    units: BigInt(data.units),
    converted: BigInt(data.converted ?? 0),
    price: BigInt(data.price ?? 0),
    exposed: data.exposed === 'yes',
    state: 'claimed',
    status: 0,
    collection: data.authorization ? 'held' : 'none',
    transaction: '',
    started: false,
    settleFirst: data.settleFirst === 'yes',
    runner: data.runner ?? '',
    answerBy: data.answerBy ?? 0,
    at,
    seq,
    answeredSeq: 0,
  }
}

/** The request after one more fact about it. */
export function requestAfter(request: PaidRequest, fact: Fact, seq: number): PaidRequest {
  const held = request.collection === 'held'
  const settled = readSettlementFact(fact)
  if (settled?.type === 'settlement.booked') {
    const transaction = chainEvidence({ id: settled.id, ...settled.data })?.transaction ?? request.transaction
    return { ...request, transaction, collection: held ? 'collected' : request.collection }
  }
  if (settled?.type === 'settlement.demoted') return { ...request, transaction: '' }
  const known = readRequestFact(fact)
  switch (known?.type) {
    case 'request.answered':
      return { ...request, state: 'answered', status: known.data.status, answeredSeq: seq }
    case 'request.started':
      return {
        ...request,
        started: true,
        runner: known.data.runner ?? '',
        answerBy: known.data.answerBy ?? 0,
        transaction: known.data.transaction ?? request.transaction,
      }
    case 'request.interrupted':
      return { ...request, state: 'interrupted' }
    case 'collection.failed':
    case 'collection.released':
      return held ? { ...request, collection: 'failed' } : request
    default:
      return request
  }
}

/** Its work runs in another process, which owes the answer. */
export function isAway({ state, runner, settleFirst, started }: PaidRequest): boolean {
  return state === 'claimed' && runner !== '' && (!settleFirst || started)
}

/** Nothing will happen to it any more: it is only looked at when its proof is sent again. */
export function isFinished(request: PaidRequest): boolean {
  return request.state !== 'claimed' && request.collection !== 'held'
}
