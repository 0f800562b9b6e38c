import type { NanoUsd } from '../../gateway/costs/policy.ts'
import type { Call, Market } from './market.ts'
import { GAS, HOLD, settle } from './settle.ts'

const PER = 1_000n
/** A transaction that takes one authorization alone costs so much beside what a row costs in company. */
const BESIDE_LEAST = GAS.alone - GAS.row

/**
 * What settling the market costs who knows all calls and prices to come, under the same duties: an authorization is collected within its time, and vouchers are
 * claimed by the same rule. No rule can pay less for what is held: each row at the lowest price of its time, and as few transactions as can be.
 */
export function oracle(market: Market): NanoUsd {
  const ofPair = new Map<number, Call[]>()
  for (const call of market.calls) {
    const own = ofPair.get(call.pair)
    if (own) own.push(call)
    else ofPair.set(call.pair, [call])
  }
  const pairs = [...ofPair].flatMap(([pair, calls]) => (market.speaksChannel[pair] ? [{ pair, ...weigh(market, calls) }] : []))
  let best: NanoUsd | undefined
  // What company is worth to a pair depends on all others: a few guesses of it, and the best of them.
  for (const quarters of [0n, 1n, 2n, 3n, 4n]) {
    const costsLess = (o: Weighed) => o.channel - (o.claimBeside * (4n - quarters)) / 4n < o.rows + (o.beside * quarters) / 4n
    const opens = new Set(pairs.filter(costsLess).map(({ pair }) => pair))
    const channels = market.calls.filter(({ pair }) => opens.has(pair))
    const held = market.calls.filter(({ pair }) => !opens.has(pair))
    const cost = settle({ ...market, calls: channels }, () => 'channel', { patient: false }).nano + leastHeld(market, held)
    if (best === undefined || cost < best) best = cost
  }
  return best ?? 0n
}

/** What a pair costs by a channel, and by being held: in rows, and in transactions that nobody shares. */
type Weighed = Readonly<{ channel: NanoUsd; claimBeside: NanoUsd; rows: NanoUsd; beside: NanoUsd }>

function weigh(market: Market, calls: readonly Call[]): Weighed {
  const { nano, claimBeside } = settle({ ...market, calls }, () => 'channel', { patient: false })
  const prices = calls.reduce((sum, { at }) => sum + leastPrice(market, at), 0n)
  return { channel: nano, claimBeside, rows: (GAS.row * prices) / PER, beside: (BESIDE_LEAST * prices) / PER }
}

function leastHeld(market: Market, calls: readonly Call[]): NanoUsd {
  let nano = 0n
  let groupEnds = -1
  for (const { at } of calls) {
    nano += (GAS.row * leastPrice(market, at)) / PER
    if (at <= groupEnds) continue
    // As few points as meet every window: each at the end of the first that is not met yet.
    groupEnds = at + HOLD.holdMs
    nano += (BESIDE_LEAST * leastPrice(market, at)) / PER
  }
  return nano
}

function leastPrice({ gasPrice }: Market, at: number): bigint {
  let least = gasPrice(at)
  for (let later = at; later <= at + HOLD.holdMs; later += 60_000) if (gasPrice(later) < least) least = gasPrice(later)
  return least
}
