import { setTimeout as pause } from 'node:timers/promises'
import { GatewayError, isUnavailable } from '../../errors/gatewayError.ts'
import { submitWhenRoom } from '../../ledger/process/submit.ts'
import { max, min } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Hex } from '../../ports/ids.ts'
import type { RateSource } from '../../ports/rates.ts'
import type { VoucherChannelState } from '../../ports/voucherChannels.ts'
import type { X402ClaimRow } from '../../ports/x402Channels.ts'
import type { Turns } from '../claim/turns.ts'
import type { VerifiedRefund } from '../proof/verifyVoucher.ts'
import type { ChainStates } from '../vouchers/chainStates.ts'
import type { ShownVouchers } from '../vouchers/shownVouchers.ts'
import { toX402ChannelFact } from './facts.ts'
import { outOfTurn } from './outOfTurn.ts'
import type { X402ChannelRecords } from './records.ts'
import type { ChannelRefund, RefundRecords } from './refundRecords.ts'
import type { RefundShares } from './refundShares.ts'
import type { X402Chain } from './x402Chain.ts'

/** Their gas is half of what goes back, at most: that of a deposit is a fifth, so that what was hardly used can go back. */
const VALUE_OVER_COST_MIN = 2n
/** So long a request waits for its refund; after it the same request finds it. */
const WAIT_MS = 20_000

/** What has gone back, in units of the channel's token, and how the channel stands then. */
type ChannelRefunded = Readonly<{ amount: Money; transaction: Hex | ''; state: VoucherChannelState; charged: bigint }>

type Parts = Readonly<{
  books: Books
  records: X402ChannelRecords
  refunds: RefundRecords
  shares: RefundShares
  states: ChainStates
  shown: ShownVouchers
  turns: Turns
  chainOf: (rail: string) => X402Chain
  rates: RateSource
  clock: Clock
}>

/** `asker`: the network that asks. `counted`: asks what strangers can make us ask for nothing, where that is not too much. */
type Asking = Readonly<{ asker: string; counted: <T>(ask: () => Promise<T>) => Promise<T> }>

/**
 * Pays a channel's unspent money back when its payer asks for it, once for each sum that it has paid: the refund is durable before it is sent, and no voucher
 * is taken until its outcome is known. Only a voucher that nobody else can have asks for it, because it takes the channel away from its payer's programs.
 */
export function channelRefunder(o: Parts) {
  const running = new Map<string, Promise<ChannelRefund>>()
  /** Channels whose refund is about to be durable, and whose voucher may be shown already. */
  const beginning = new Set<string>()

  /** Until its outcome is known; one run at a time. */
  function drive(refund: ChannelRefund): Promise<ChannelRefund> {
    const standing = running.get(refund.id)
    if (standing) return standing
    const work = finish(o, refund).finally(() => running.delete(refund.id))
    running.set(refund.id, work)
    return work
  }

  async function begunIn(lane: string, given: VerifiedRefund, asking: Asking): Promise<ChannelRefund> {
    beginning.add(lane)
    try {
      return await begin(o, given, asking)
    } finally {
      beginning.delete(lane)
    }
  }

  async function refund(given: VerifiedRefund, asking: Asking): Promise<ChannelRefunded> {
    const { rail, channel } = given
    const named = { rail, id: channel.id }
    const lane = `${rail} ${channel.id}`
    const done = sameAs(o, given)
    if (done?.ended) return told(o, done, await o.states.fresh({ ...named, deposit: 0n }))
    // Anybody can send what a claim has shown, so it keeps nobody waiting who pays.
    const isShown = given.cumulative <= o.shown.upTo(named) && !beginning.has(lane)
    const turn = await o.turns.enter(isShown ? `shown ${lane}` : lane, { name: 'refund', isNext: () => false })
    try {
      const same = sameAs(o, given)
      const newest = o.refunds.of({ rail, channel: channel.id })
      if (newest && !newest.ended && !same) throw new GatewayError('outcome_unknown', 'Another refund of this channel is on its way')
      const refund = same ?? (await (isShown ? begin(o, given, asking) : begunIn(lane, given, asking)))
      const waited = new AbortController()
      const late = pause(WAIT_MS, undefined, { signal: waited.signal }).catch(() => undefined)
      const ended = refund.ended ? refund : await Promise.race([drive(refund), late])
      waited.abort()
      if (!ended?.ended) throw new GatewayError('outcome_unknown', 'The refund is on its way; send the same request again')
      return told(o, ended, await (same ? o.states.fresh({ ...named, deposit: 0n }) : o.states.askOne(named)))
    } finally {
      turn.leave()
    }
  }

  return {
    refund,
    /** After the journal is replayed: what was begun is brought to its end, also where nobody asks any more. */
    start(onFatal: (error: unknown) => void): void {
      // A chain that does not answer: whoever asks next goes on with it.
      for (const open of o.refunds.open()) drive(open).catch((error) => isUnavailable(error) || onFatal(error))
    },
  }
}

/** The refund that this very request has asked for. */
function sameAs({ refunds }: Parts, { rail, channel, cumulative, units }: VerifiedRefund): ChannelRefund | undefined {
  const known = refunds.of({ rail, channel: channel.id })
  return known?.sum === cumulative && known.asked === units ? known : undefined
}

/** What became of one that has ended. */
function told({ chainOf }: Parts, { rail, units, sum, ended }: ChannelRefund, state: VoucherChannelState): ChannelRefunded {
  if (ended?.outcome !== 'settled') throw refused('the chain did not take it')
  return { amount: money(chainOf(rail).asset, units), transaction: ended.transaction, state, charged: sum }
}

/** Durable when it resolves. Throws why there is nothing to pay back, or why not now; nothing is kept then. */
async function begin(o: Parts, given: VerifiedRefund, { asker, counted }: Asking): Promise<ChannelRefund> {
  const { rail, channel, cumulative, units: asked } = given
  const record = o.records.standing(rail, channel.id)
  if (!record) throw refused('it has not paid here')
  const { posted, pending } = o.records.owed(rail, channel.id)
  if (pending > 0n) throw new GatewayError('request_in_progress', 'Work that this channel pays for is under way')
  const named = { rail, id: channel.id }
  const [state, nonce] = await counted(() => Promise.all([o.states.askOne(named), o.chainOf(rail).refundNonce(channel.id)]))
  const charged = max(posted, state.claimed)
  const shown = max(o.shown.upTo(named), state.claimed)
  if (cumulative !== charged) throw outOfTurn({ channelId: channel.id, sent: cumulative, expected: charged, charged, shown, record, state })
  if (cumulative <= shown)
    throw refused('a claim has shown the voucher over this sum, so that anybody can send it: pay one request more first')
  if (state.closeAt !== 0n) throw new GatewayError('channel_closing', `The payer of channel ${channel.id} has asked for its money back`)
  const left = state.deposit - charged
  if (left <= 0n) throw new GatewayError('channel_refund_empty', `The channel has paid ${charged} units, and ${state.deposit} are in it`)
  const units = min(asked ?? left, left)
  const isEarned = checkGas(o, given, { units, charged, asker })
  await o.shown.show(rail, [{ channel: named, sum: record.signed }])
  const id = `x402:refund:${rail}:${channel.id}:${cumulative}`
  const data = { rail, channel: channel.id, sum: `${cumulative}`, units: `${units}`, nonce: `${nonce}`, isEarned }
  const told = asked === undefined ? data : { ...data, asked: `${asked}` }
  await submitWhenRoom(o.books, { facts: [toX402ChannelFact({ type: 'x402.refunding', id, at: o.clock.now(), data: told })] })
  return o.refunds.of({ rail, channel: channel.id })!
}

type Costing = Readonly<{ units: bigint; charged: bigint; asker: string }>

/** Whether the channel has earned the gas since its last refund. Throws where it costs more than it may, alone or with those of today. */
function checkGas(o: Parts, { rail, channel }: VerifiedRefund, { units, charged, asker }: Costing): boolean {
  const { asset, refundCost } = o.chainOf(rail)
  const cost = refundCost()
  const gas = convert(cost, o.rates.rate(cost.asset, asset), 'up').units
  if (units < gas * VALUE_OVER_COST_MIN) throw refused(`its gas costs ${gas} units, more than half of the ${units} that would go back`)
  const before = o.refunds.of({ rail, channel: channel.id })?.sum ?? 0n
  const isEarned = charged - before >= gas
  const today = o.refunds.countOf(rail, o.clock.now())
  if (!o.shares.take({ rail, day: today.day, asker, isEarned, today })) throw refused('too many were paid back today')
  return isEarned
}

function refused(why: string): GatewayError {
  return new GatewayError('channel_refund_refused', `The channel is not paid back: ${why}`)
}

/** Claims what the channel owes and pays the rest back. The contract's own count says that it happened, where we have lost what the rail said of it. */
async function finish(o: Parts, refund: ChannelRefund): Promise<ChannelRefund> {
  const { id, rail, channel, units, nonce, sum } = refund
  const chain = o.chainOf(rail)
  const record = o.records.standing(rail, channel)
  if (!record) throw new Error(`channel ${channel} has paid before its refund begins`)
  const { posted } = o.records.owed(rail, channel)
  const { config, signed, signature } = record
  const row: X402ClaimRow = { config, cumulative: signed, signature, charged: min(posted, signed) }
  const outcome = await chain.refund(id, { channelId: channel, config, units, nonce, claims: posted > 0n ? [row] : [] })
  if (outcome.kind === 'unknown') return refund
  const hash = outcome.kind === 'settled' ? outcome.evidence.id : ''
  const isDone = outcome.kind === 'settled' || (await chain.refundNonce(channel)) > nonce
  const transaction = /^0x[0-9a-f]{64}$/.test(hash) ? (hash as Hex) : ('' as const) // The pattern proves it.
  const data = { rail, channel, sum: `${sum}`, outcome: isDone ? 'settled' : 'failed', transaction } as const
  o.states.forget({ rail, id: channel })
  await submitWhenRoom(o.books, { facts: [toX402ChannelFact({ type: 'x402.refunded', id, at: o.clock.now(), data })] })
  return o.refunds.of({ rail, channel })!
}
