import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { max } from '../../money/integers.ts'
import { money } from '../../money/money.ts'
import type { Leg } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { VoucherChannelState } from '../../ports/voucherChannels.ts'
import type { Funding } from '../claim/claimEntry.ts'
import type { FindRequest } from '../claim/findRequest.ts'
import type { PaidRequest } from '../claim/paidRequest.ts'
import type { Turns } from '../claim/turns.ts'
import type { VerifiedProof } from '../proof/verifiedProof.ts'
import { hold, move } from '../settlement/legs.ts'
import type { ChainStates } from '../vouchers/chainStates.ts'
import type { ShownVouchers } from '../vouchers/shownVouchers.ts'
import { type DepositParts, depositAlong } from './depositAlong.ts'
import { toX402ChannelFact, type X402VouchedData } from './facts.ts'
import { outOfTurn, toldOf } from './outOfTurn.ts'
import type { X402ChannelRecords } from './records.ts'
import type { RefundRecords } from './refundRecords.ts'

type VoucherPayment = Extract<VerifiedProof, { kind: 'voucher' }>

/** A voucher whose turn it is: what it is claimed by, or the request that it has paid for. `leave` when it is claimed, or never will be. */
type Taken = Readonly<{
  claimKey: string
  standing: PaidRequest | undefined
  proof: VoucherPayment
  funding: () => Funding
  leave: () => void
}>

/** `fingerprint`: the request's. `counted`: asks what strangers can make us ask for nothing, where that is not too much. */
type Asking = Readonly<{ fingerprint: string; counted: <T>(ask: () => Promise<T>) => Promise<T> }>

type Parts = DepositParts &
  Readonly<{
    records: X402ChannelRecords
    refunds: RefundRecords
    states: ChainStates
    shown: ShownVouchers
    turns: Turns
    findRequest: FindRequest
    clock: Clock
  }>

/**
 * Takes a voucher for one request: waits for its turn in the channel, makes the deposit that comes along, and holds the request's price of what the channel
 * has. Throws `proof_wrong_amount` with all that its payer needs to sign the next one, `voucher_over_deposit`, `channel_closing`, `too_busy`, and what a
 * deposit throws.
 */
export function voucherTaker(o: Parts) {
  return async (given: VoucherPayment, asking: Asking): Promise<Taken> => {
    const { rail, channel, cumulative } = given
    const claimed = () => o.states.last({ rail, id: channel.id })?.claimed ?? 0n
    // It buys nothing: whoever sends it has no turn, and its payer an answer that stands.
    if (cumulative <= shownUpTo(o, given, claimed())) return { ...(await decide(o, given, asking)), leave: () => {} }
    // By what the books and the chain said last; the decision asks anew.
    const isNext = () => cumulative === sumsOf(o, given, claimed()).next
    const turn = await o.turns.enter(`${rail} ${channel.id}`, { name: asking.fingerprint, isNext })
    try {
      const taken = await decide(o, given, asking)
      // Who only asks for an answer again keeps nobody waiting.
      if (taken.standing) turn.leave()
      return { ...taken, leave: turn.leave }
    } catch (error) {
      // It was sent with others at once, and one of them has paid by this very sum.
      const isLate =
        isGatewayError(error, 'proof_wrong_amount') &&
        cumulative > shownUpTo(o, given, claimed()) &&
        o.records.standing(rail, channel.id)?.taken.some((t) => t.cumulative === cumulative)
      if (isLate) turn.leaveTo()
      else turn.leave()
      throw error
    }
  }
}

/**
 * In units. `owed`: what the channel owes and may come to owe by the books; `base` the same by the chain too: more was claimed only where an older copy of the
 * books was put back.
 */
type Sums = Readonly<{ owed: bigint; base: bigint; shown: bigint; next: bigint }>

/**
 * The sum of the next voucher is what the channel has paid and the price. Where others can have a voucher over that sum, since its work has failed: a unit
 * more than theirs, for the same price.
 */
function sumsOf(o: Parts, given: VoucherPayment, claimed: bigint): Sums {
  const { posted, pending } = o.records.owed(given.rail, given.channel.id)
  const [owed, shown] = [posted + pending, shownUpTo(o, given, claimed)]
  const base = max(owed, claimed)
  return { owed, base, shown, next: max(base + given.amount.units, shown + 1n) }
}

/** Up to this sum everybody can have the channel's vouchers, from the chain or from a claim on its way there. */
function shownUpTo({ shown }: Parts, { rail, channel: { id } }: VoucherPayment, claimed: bigint): bigint {
  return max(shown.upTo({ rail, id }), claimed)
}

async function decide(o: Parts, given: VoucherPayment, { fingerprint, counted }: Asking): Promise<Omit<Taken, 'leave'>> {
  const { rail, channel, cumulative, amount } = given
  const record = o.records.standing(rail, channel.id)
  const before = record?.taken.findLast((one) => one.cumulative === cumulative)
  const standing = before && (await o.findRequest(before.claimKey))
  if (standing?.fingerprint === fingerprint && standing.unserved !== 'back') {
    const state = o.states.last({ rail, id: channel.id })
    const proof = { ...given, told: toldOf(cumulative, state, standing.transaction) }
    return { claimKey: standing.claimKey, standing, proof, funding: () => noFunding(standing) }
  }
  checkNoRefund(o, given)
  const known = await stateBefore(o, given, { isKnown: record !== undefined, counted })
  checkSum(given, { state: known, record, sums: sumsOf(o, given, known.claimed) })
  checkOpen(given, known)
  const { state, transaction } = given.deposit ? await depositAlong(o, given, known) : { state: known, transaction: '' as const }
  checkCover(given, await coveredBy(o, given, state, counted))
  const sums = sumsOf(o, given, state.claimed)
  checkSum(given, { state, record, sums })
  // A sum may come again when its work has failed, also long after: the count of all vouchers is no try's name yet.
  const claimKey = record && cumulative <= record.signed ? `${given.claimKey}:${record.vouched}` : given.claimKey
  const data: X402VouchedData = {
    rail,
    channel: channel.id,
    splitId: channel.splitId,
    cumulative: cumulative.toString(),
    signature: given.signature,
    claimKey,
    ...(record ? {} : { config: channel.config }),
  }
  return {
    claimKey,
    standing: undefined,
    proof: { ...given, told: toldOf(sums.base + amount.units, state, transaction) },
    funding: () => ({
      rail,
      got: amount,
      reserved: reservedLegs(given, sums.base - sums.owed),
      facts: (receipt) => [toX402ChannelFact({ type: 'x402.vouched', id: receipt, at: o.clock.now(), data })],
    }),
  }
}

/** The chain's word of the last minute; of now, where a deposit is about to be made. */
function stateBefore(
  { states }: Parts,
  { rail, channel: { id }, deposit }: VoucherPayment,
  { isKnown, counted }: Pick<Asking, 'counted'> & Readonly<{ isKnown: boolean }>,
): Promise<VoucherChannelState> {
  if (deposit) return counted(() => states.askOne({ rail, id }))
  const ask = () => states.fresh({ rail, id, deposit: 0n })
  return isKnown ? ask() : counted(ask)
}

/** The chain's word again where it is old and says too little. Of a channel with nothing in it it is never old. */
async function coveredBy(
  { states }: Parts,
  { rail, channel, cumulative }: VoucherPayment,
  state: VoucherChannelState,
  counted: Asking['counted'],
): Promise<VoucherChannelState> {
  if (cumulative <= state.deposit || state.deposit === 0n) return state
  return counted(() => states.askOne({ rail, id: channel.id }))
}

/** The price is held until the work was done. What was claimed beyond all that the books know is booked with it. */
function reservedLegs({ rail, channel, amount }: VoucherPayment, unknown: bigint): Leg[] {
  const [debit, credit] = [accounts.x402(rail, channel.id), accounts.charged(rail, channel.splitId)]
  const price = hold(debit, credit, amount)
  return unknown > 0n ? [price, move(debit, credit, money(amount.asset, unknown))] : [price]
}

function noFunding({ receipt }: PaidRequest): never {
  throw new GatewayError('request_in_progress', `The request of receipt ${receipt} stands under this voucher`)
}

type Standing = Readonly<{ state: VoucherChannelState; record: ReturnType<X402ChannelRecords['standing']>; sums: Sums }>

/** The next sum of the channel and no other: one that is lower pays nothing, and one that is higher more than the price. */
function checkSum({ channel, cumulative: sent, amount }: VoucherPayment, { state, record, sums }: Standing): void {
  const { shown, next: expected } = sums
  if (sent === expected) return
  throw outOfTurn({ channelId: channel.id, sent, expected, charged: expected - amount.units, shown, record, state })
}

/** What is being paid back pays for nothing more; what it will be is not known before the chain has taken it. */
function checkNoRefund({ refunds }: Parts, { rail, channel }: VoucherPayment): void {
  const refund = refunds.of({ rail, channel: channel.id })
  if (refund && !refund.ended) throw new GatewayError('request_in_progress', `Channel ${channel.id} is being paid back`)
}

function checkOpen({ channel }: VoucherPayment, { closeAt }: VoucherChannelState): void {
  if (closeAt === 0n) return
  throw new GatewayError('channel_closing', `The payer of channel ${channel.id} has asked for its money back`, {
    meta: { close_at: closeAt },
  })
}

function checkCover(given: VoucherPayment, state: VoucherChannelState): void {
  checkOpen(given, state)
  const { cumulative } = given
  const { deposit } = state
  if (cumulative <= deposit) return
  throw new GatewayError('voucher_over_deposit', `A voucher over ${cumulative} units exceeds the deposit of ${deposit}`, {
    meta: { deposit, sent: cumulative },
  })
}
