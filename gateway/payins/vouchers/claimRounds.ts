import { setTimeout as pause } from 'node:timers/promises'
import { isUnavailable } from '../../errors/gatewayError.ts'
import type { Asset } from '../../money/asset.ts'
import { max } from '../../money/integers.ts'
import { type Money, money, showMoney } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Hex } from '../../ports/ids.ts'
import type { RateSource } from '../../ports/rates.ts'
import { CLOSED_FOR_EVER } from '../../ports/voucherChannels.ts'
import type { ChainStates } from './chainStates.ts'
import type { VoucherClaim } from './claimVouchers.ts'
import type { Claimable, UnclaimedOf } from './unclaimed.ts'

/** A close takes effect a day after it was requested: a round every few seconds leaves thousands of them. */
const ROUND_MS = 5_000
/** Channels asked about in a round; those behind them have their turn in the next. */
const ASKED_MAX = 2_000
/** A claim is worth its gas when that is a hundredth of what it brings, at most. */
const VALUE_OVER_COST_MIN = 100n

/** Vouchers gather for so long: however many there are by then, their channel is one row. */
const GATHER_MS = 600_000

/** A voucher that was not claimed yet: what it would bring, since when it could, and whether its payer is about to take the deposit back. */
type Due = Readonly<{ splitId: Hex; gain: bigint; since: number; closing: boolean }>

/** What a channel owes beyond what is in it, by when it was asked last. */
type Missing = Readonly<{ rail: string; id: Hex; units: bigint }>

type Claimed = Pick<VoucherClaim, 'rows' | 'value' | 'outcome'>

/** `claim` takes all that a split's channels of a chain owe by now. */
type Parts = Readonly<{
  unclaimed: Pick<UnclaimedOf<Claimable>, 'all' | 'since' | 'apply'>
  states: ChainStates
  chainOf: (rail: string) => Readonly<{ asset: Asset; claimCost: (rows: bigint) => Money }>
  claim: (rail: string, splitId: Hex) => Promise<readonly Claimed[]>
  rates: RateSource
  clock: Clock
  log: (line: string) => void
}>

type Round = Parts & Readonly<{ missing: Map<string, Missing> }>
type Problem = Readonly<{ rail: string; what: string; detail: string }>

/** Claims by itself: what has gathered and is worth its gas, and at once and at any price what a payer is about to withdraw. */
export function createClaimRounds(o: Parts) {
  const stop = new AbortController()
  /** Of channels that owe, so as many at most. */
  const missing = new Map<string, Missing>()
  let next = 0

  async function round(): Promise<void> {
    const all = o.unclaimed.all()
    if (next >= all.length) next = 0
    const turn = all.slice(next, next + ASKED_MAX)
    next += ASKED_MAX
    for (const rail of new Set(turn.map((channel) => channel.rail))) {
      const channels = turn.filter((channel) => channel.rail === rail)
      await claimOn({ ...o, missing }, rail, channels)
    }
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      await pause(ROUND_MS, undefined, { signal: stop.signal }).catch(() => undefined)
      if (stop.signal.aborted) return
      try {
        await round()
      } catch (error) {
        // A chain that does not answer, or a rate that is too old: there is a round after this one.
        if (!isUnavailable(error)) throw error
        o.log(`vouchers: ${error.shortMessage}; they are claimed in a later round`)
      }
    }
  }

  return {
    /** One round, now. Throws `rail_unavailable` when a chain or a rate does not answer. */
    round,
    /** After the journal is replayed. `onFatal` hears of what no round can handle. */
    start: (onFatal: (error: unknown) => void): void => void run().catch(onFatal),
    close: (): void => stop.abort(),
    /** What a person should see: payers took back what they owe, before it was claimed. It may come yet, where the channel is filled anew. */
    problems: (): Problem[] => problemsOf(o, [...missing.values()]),
  }
}

/** Claims what is due of these channels of one chain, a split at a time. */
async function claimOn(o: Round, rail: string, channels: readonly Claimable[]): Promise<void> {
  const due = await dueOf(o, rail, channels)
  for (const splitId of new Set(due.map((one) => one.splitId))) {
    const own = due.filter((one) => one.splitId === splitId)
    if (!own.some(({ closing }) => closing) && !isWorth(o, rail, own)) continue
    for (const { rows, value, outcome } of await o.claim(rail, splitId)) {
      if (outcome.kind !== 'settled') o.log(`${rail}: a claim of ${rows} vouchers worth ${showMoney(value)} ended ${outcome.kind}`)
    }
  }
}

async function dueOf(o: Round, rail: string, channels: readonly Claimable[]): Promise<Due[]> {
  const states = await o.states.ask(
    rail,
    channels.map(({ id }) => id),
  )
  return channels.flatMap((channel, i) => {
    const { claimed, closeAt, deposit } = states[i]!
    const units = closeAt === CLOSED_FOR_EVER ? 0n : channel.accepted - max(deposit, claimed)
    if (units > 0n) o.missing.set(`${rail} ${channel.id}`, { rail, id: channel.id, units })
    else o.missing.delete(`${rail} ${channel.id}`)
    o.unclaimed.apply(channel, claimed, o.clock.now())
    const gain = channel.accepted - claimed
    const since = o.unclaimed.since(channel)
    return gain > 0n && since !== undefined ? [{ splitId: channel.splitId, gain, since, closing: closeAt !== 0n }] : []
  })
}

function isWorth(o: Parts, rail: string, due: readonly Due[]): boolean {
  const now = o.clock.now()
  if (!due.some(({ since }) => now - since >= GATHER_MS)) return false
  const chain = o.chainOf(rail)
  const gain = due.reduce((sum, one) => sum + one.gain, 0n)
  const cost = chain.claimCost(BigInt(due.length))
  return gain >= convert(cost, o.rates.rate(cost.asset, chain.asset), 'up').units * VALUE_OVER_COST_MIN
}

function problemsOf({ chainOf }: Pick<Parts, 'chainOf'>, all: readonly Missing[]): Problem[] {
  return [...new Set(all.map(({ rail }) => rail))].map((rail) => {
    const own = all.filter((one) => one.rail === rail)
    const sum = money(
      chainOf(rail).asset,
      own.reduce((units, one) => units + one.units, 0n),
    )
    const detail = `${own.length} channels owe ${showMoney(sum)} more than is in them; the first is ${own[0]!.id}. Their payers took it back before it was claimed.`
    return { rail, what: 'channel_overdrawn', detail }
  })
}
