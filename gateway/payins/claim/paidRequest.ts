import { max } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import type { Fact } from '../../ports/books.ts'
import type { EntryId, Hex, ReceiptId } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import { chainEvidence } from '../settlement/chainEvidence.ts'
import { readSettlementFact } from '../settlement/facts.ts'
import { type ChargeData, type ClaimedFact, readRequestFact } from './facts.ts'

/**
 * One paid request. `claimed`: durable, the handler has not answered. `answered`: its answer is durable. `interrupted`: the process ended in
 * between, or another one did not answer in time. `collection` is the state of an authorization held for it. `unserved`: the work was not delivered;
 * `back` when its money went back or waits for the payer, `stays` when its payees hold it, so that the same proof may have the work done again.
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
  /** `open`: what is held is a maximum, and the answer will say how much of it is taken. `charged`: it has. */
  metered: 'no' | 'open' | 'charged'
  /** Whom a maximum is for: a party or a split; '' for all others. */
  payee: string
  /** What is taken of a maximum, as `units`, `price` and `converted` are of the whole; 0 until it is known. */
  chargedUnits: bigint
  chargedPrice: bigint
  chargedCredit: bigint
  /** Of a maximum: the answer as it began to go out, a status of 0 while it has not, and what its work has used by its last word, in units of USD. */
  begunStatus: number
  begunType: string
  usedPrice: bigint
  state: 'claimed' | 'answered' | 'interrupted'
  status: number
  collection: 'none' | 'held' | 'collected' | 'failed'
  /** Where the chain took the money; '' while it has not, and for other rails. */
  transaction: Hex | ''
  /** The chain replaced the block in which it took the money, and has not taken it again. */
  takenBack: boolean
  /** The work began after its money was collected; only marked where money is collected first. */
  started: boolean
  /** Collected before the work, by the price or the payer. */
  settleFirst: boolean
  unserved: 'no' | 'back' | 'stays'
  /** How often the work began again. */
  again: number
  /** Who runs the work when that is another process, and until when (ms) its answer is waited for. '' and 0: this process runs it. */
  runner: string
  answerBy: number
  at: number
  seq: number
  answeredSeq: number
}>

/** What the claims of sessions begin with. */
export const SESSION_CLAIM = 'session:'

/** `evm:<chain>:x402:<channel>:<sum>`, and which try at the sum it is; or a session's. */
const VOUCHER_KEY = new RegExp(`^(?:evm:[0-9]+:x402:|${SESSION_CLAIM})`)

/** So often work that failed is done again for one payment, since it is worth money each time. */
const AGAIN_MAX = 10

/** The answer to a paid request. `body` is undefined where it was given once and was too long to keep. `used`: what of a maximum the work used, in USD. */
export type Answer = Readonly<{ status: number; contentType: string; body: string | undefined; used?: Money }>

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
    metered: data.metered === 'yes' ? 'open' : 'no',
    payee: data.payee ?? '',
    chargedUnits: 0n,
    chargedPrice: 0n,
    chargedCredit: 0n,
    begunStatus: 0,
    begunType: '',
    usedPrice: 0n,
    state: 'claimed',
    status: 0,
    collection: data.authorization ? 'held' : 'none',
    transaction: '',
    takenBack: false,
    started: false,
    settleFirst: data.settleFirst === 'yes',
    unserved: 'no',
    again: 0,
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
    return { ...request, transaction, takenBack: false, collection: held ? 'collected' : request.collection }
  }
  if (settled?.type === 'settlement.demoted') return { ...request, transaction: '', takenBack: true }
  const known = readRequestFact(fact)
  switch (known?.type) {
    case 'request.answered':
      return { ...request, ...chargedBy(request, known.data.charge), state: 'answered', status: known.data.status, answeredSeq: seq }
    case 'request.started':
      return begunAgain(known.data.again ?? 0, {
        ...request,
        started: true,
        runner: known.data.runner ?? '',
        answerBy: known.data.answerBy ?? 0,
        transaction: known.data.transaction ?? request.transaction,
      })
    case 'request.metered': {
      const { status, contentType, used } = known.data
      return { ...request, begunStatus: status, begunType: contentType, usedPrice: max(request.usedPrice, BigInt(used)) }
    }
    case 'request.interrupted':
      return { ...request, state: 'interrupted', unserved: unservedAs(known.data) }
    case 'request.handler_failed':
      return { ...request, unserved: unservedAs(known.data) }
    case 'collection.failed':
    case 'collection.released':
      return held ? { ...request, collection: 'failed' } : request
    default:
      return request
  }
}

/** Of nothing that is taken nothing is collected. */
function chargedBy({ collection }: PaidRequest, charge: ChargeData | undefined): Partial<PaidRequest> {
  if (!charge) return {}
  const [chargedUnits, chargedPrice, chargedCredit] = [BigInt(charge.units), BigInt(charge.price), BigInt(charge.credit)]
  return { metered: 'charged', chargedUnits, chargedPrice, chargedCredit, collection: chargedUnits === 0n ? 'none' : collection }
}

function begunAgain(again: number, request: PaidRequest): PaidRequest {
  const anew = { state: 'claimed', status: 0, answeredSeq: 0, unserved: 'no', begunStatus: 0, begunType: '', usedPrice: 0n } as const
  return again === 0 ? request : { ...request, again, ...anew }
}

/** An exception says why the money did not go back. */
function unservedAs({ exception }: Readonly<{ exception?: string }>): PaidRequest['unserved'] {
  return exception === undefined ? 'back' : 'stays'
}

/** Paid out of a session's vouchers: what it holds is taken when it is served and let go when it is not, and nothing is collected. */
export function isOfSession({ claimKey }: Pick<PaidRequest, 'claimKey'>): boolean {
  return claimKey.startsWith(SESSION_CLAIM)
}

/** Its work was done and its answer given. */
export function isDelivered({ state, unserved }: Pick<PaidRequest, 'state' | 'unserved'>): boolean {
  return state === 'answered' && unserved === 'no'
}

/** Paid by a voucher of a channel: its entry holds the price until the work was done, and the channel is claimed as a whole. */
export function isByVoucher({ claimKey }: Pick<PaidRequest, 'claimKey'>): boolean {
  return VOUCHER_KEY.test(claimKey)
}

/** Its work was not delivered and its payees hold the money: the same proof may have it done again. */
export function mayRunAgain({ state, unserved, again }: PaidRequest): boolean {
  return state !== 'claimed' && unserved === 'stays' && again < AGAIN_MAX
}

/** What it paid waits under its receipt until the payer fetches it. The books may still say that nothing is left. */
export function isRefundKept({ rail, unserved, collection }: PaidRequest): boolean {
  return unserved === 'back' && (rail === 'lightning' || collection === 'collected')
}

/** Its work runs in another process, which owes the answer. */
export function isAway({ state, runner, settleFirst, started }: PaidRequest): boolean {
  return state === 'claimed' && runner !== '' && (!settleFirst || started)
}

/** Nothing will happen to it any more: it is only looked at when its proof is sent again. */
export function isFinished(request: PaidRequest): boolean {
  return request.state !== 'claimed' && request.collection !== 'held' && !mayRunAgain(request)
}

/** The request as it is collected and booked: of a maximum what is taken of it. */
export function asCharged(request: PaidRequest): PaidRequest {
  if (request.metered !== 'charged') return request
  return { ...request, units: request.chargedUnits, price: request.chargedPrice, converted: request.chargedCredit }
}
