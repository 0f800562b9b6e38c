import type { NanoUsd } from '../../gateway/costs/policy.ts'

/** One paid call: when (ms), by which payer of which route, for how much. */
export type Call = Readonly<{ at: number; pair: number; route: number; price: NanoUsd }>

/** `speaksChannel`: of each pair, whether its client can open a channel. `gasPrice`: nano-USD for a thousand gas, at a time (ms). */
export type Market = Readonly<{
  calls: readonly Call[]
  speaksChannel: readonly boolean[]
  gasPrice: (at: number) => bigint
  endsAt: number
}>

export const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const CENT: NanoUsd = 10_000_000n

/**
 * Prices in cents and how many of a hundred routes have them: the median is 0.01 USD, the mean about 0.02. Dearer ones are collected before the work by
 * everybody.
 */
const PRICES: readonly (readonly [cents: bigint, routes: number, per: bigint])[] = [
  [1n, 12, 10n],
  [1n, 16, 2n],
  [1n, 36, 1n],
  [2n, 14, 1n],
  [5n, 14, 1n],
  [10n, 8, 1n],
]

/**
 * Of a hundred routes so many are called once by most (78: 11,630 of the 14,964 resources of the public market), and how often a payer of either kind calls
 * once. Together 61 of a hundred pairs call once. How often the others call has a long tail: most calls are theirs.
 */
const ONCE = { routes: 78, here: 0.71, elsewhere: 0.06 }
const TAIL = { here: 1, elsewhere: 0.6, most: 3_000 }
const POPULAR = 3
/** A program calls again within seconds, or comes back another day. */
const GAPS = { soon: 0.9, soonMs: 20_000, laterMs: DAY_MS }
/** Base: about 0.006 gwei and 3,000 USD for an ether, so 18 nano-USD for one gas; it wanders by a factor of two and has spikes of ten minutes. */
const GAS = { usual: 18_000, wander: 0.03, pull: 0.002, spikes: 0.0005, spike: 6, spikeMinutes: 10 }

/** The same market for the same seed. `pairs` payers of routes, within `days`; so many of a hundred can open a channel. */
export function makeMarket(o: Readonly<{ seed: number; pairs: number; days: number; channelPercent: number }>): Market {
  const random = randomFrom(o.seed)
  const endsAt = o.days * DAY_MS
  const routes = Array.from({ length: Math.max(10, Math.floor(o.pairs / 20)) }, () => {
    const isOnce = random() * 100 < ONCE.routes
    return { price: priceOf(random() * 100), once: isOnce ? ONCE.here : ONCE.elsewhere, tail: isOnce ? TAIL.here : TAIL.elsewhere }
  })
  const speaksChannel: boolean[] = []
  const calls: Call[] = []
  for (let pair = 0; pair < o.pairs; pair++) {
    // A few routes have most payers.
    const route = Math.floor(random() ** POPULAR * routes.length)
    const { price, once, tail } = routes[route]!
    speaksChannel.push(random() * 100 < o.channelPercent)
    let left = random() < once ? 1 : Math.min(TAIL.most, Math.floor(2 / random() ** (1 / tail)))
    for (let at = Math.floor(random() * endsAt); left > 0 && at < endsAt; left--) {
      calls.push({ at, pair, route, price })
      at += 1 + Math.floor(-Math.log(1 - random()) * (random() < GAPS.soon ? GAPS.soonMs : GAPS.laterMs))
    }
  }
  calls.sort((a, b) => a.at - b.at)
  return { calls, speaksChannel, gasPrice: gasPrices(random, o.days), endsAt }
}

function priceOf(percent: number): NanoUsd {
  let left = percent
  for (const [cents, routes, per] of PRICES) {
    if (left < routes) return (cents * CENT) / per
    left -= routes
  }
  return CENT
}

/** A price for each minute. */
function gasPrices(random: () => number, days: number): (at: number) => bigint {
  const minutes: bigint[] = []
  let level = 0
  let spike = 0
  for (let i = 0; i <= days * 1_440 + 60; i++) {
    level += (random() - 0.5) * 2 * GAS.wander - level * GAS.pull
    spike = spike > 0 ? spike - 1 : random() < GAS.spikes ? GAS.spikeMinutes : 0
    minutes.push(BigInt(Math.round(GAS.usual * Math.exp(level) * (spike > 0 ? GAS.spike : 1))))
  }
  return (at) => minutes[Math.min(minutes.length - 1, Math.floor(at / MINUTE_MS))]!
}

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What is known of a market, for the one who reads the figures: shares in percent. */
export function shapeOf({
  calls,
}: Market): Readonly<{ calls: number; pairs: number; once: number; byReturning: number; medianNano: NanoUsd }> {
  const times = new Map<number, number>()
  for (const { pair } of calls) times.set(pair, (times.get(pair) ?? 0) + 1)
  const once = [...times.values()].filter((n) => n === 1).length
  const prices = calls.map(({ price }) => price).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return {
    calls: calls.length,
    pairs: times.size,
    once: (100 * once) / times.size,
    byReturning: (100 * (calls.length - once)) / calls.length,
    medianNano: prices[prices.length >> 1] ?? 0n,
  }
}
