import type { NanoUsd } from '../../costs/policy.ts'
import { createValuer } from '../../costs/valuer.ts'
import { type Asset, USD } from '../../money/asset.ts'
import type { Money } from '../../money/money.ts'
import type { Rate } from '../../money/rate.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RailName } from '../../ports/railName.ts'
import type { RateSource } from '../../ports/rates.ts'
import type { Receiver } from '../../ports/receiver.ts'
import { type Collecting, priceCollecting } from './priceCollecting.ts'

/** `rates`: those that it was priced by. */
export type PricedCollecting = Collecting & Readonly<{ rates: readonly Rate[] }>

/** Of an authorization that is collected with others: its own gas, and all of it with its share of the transaction. */
type Together = Readonly<{ row: NanoUsd; inCompany: NanoUsd }>

export type CollectingParts = Readonly<{
  rates: RateSource
  clock: Clock
  /** What payees are credited in. */
  bookAsset: Asset
  /** What is expected of a collection in company; undefined where that is free, or not known. */
  together?: ((rail: RailName) => Together | undefined) | undefined
}>

type Asked = Readonly<{
  /** What is asked for, and what the payer parts with in all, in USD. */
  price: Money
  fullPrice: Money
  /** The same in the asset of the rail. */
  amount: Money
  /** The rate that the offer was made at. */
  rate: Rate
  inCompany: boolean
}>

/** So long a way that was priced is not priced anew, at the same rate and gas: what a 402 asks of it is looked up. */
const KEPT_MS = 1_000
/** Prices, rails and ways to collect that are kept at a time; the one used longest ago goes. */
const KEPT_MAX = 512

const NANO_SCALE = 9

type Kept = Readonly<{ at: number; num: bigint; den: bigint; fullUnits: bigint; collecting: PricedCollecting }>

/** What being paid costs on each rail, priced once for each price, rate and second. */
export function createCollectingCosts({ rates, clock, bookAsset, together }: CollectingParts) {
  const kept = new Map<string, Kept>()

  function priced(receiver: Pick<Receiver, 'rail' | 'asset' | 'cost' | 'secondsToFunds'>, asked: Asked): PricedCollecting {
    const valuer = createValuer(rates, USD)
    const { price, fullPrice, rate } = asked
    const priceNano = valuer.nano(price, 'up')
    const shared = asked.inCompany ? together?.(receiver.rail) : undefined
    const costNano = shared?.row ?? (receiver.cost ? valuer.nano(receiver.cost(asked.amount), 'up') : 0n)
    const isGas = receiver.rail.startsWith('evm:')
    const collecting = priceCollecting({
      rail: receiver.rail,
      priceNano,
      feeNano: valuer.nano(fullPrice, 'up') - priceNano + (isGas ? 0n : costNano),
      gasNano: isGas ? costNano : 0n,
      batchShareNano: shared ? shared.inCompany - shared.row : 0n,
      secondsToFunds: receiver.secondsToFunds?.(clock.now()) ?? 1n,
      asset: receiver.asset,
      credited: bookAsset,
    })
    return { ...collecting, rates: [rate, ...valuer.used()] }
  }

  return {
    of(receiver: Parameters<typeof priced>[0], asked: Asked): PricedCollecting {
      const now = clock.now()
      const key = `${receiver.rail} ${asked.inCompany} ${asked.price.units}`
      const found = kept.get(key)
      const { num, den } = asked.rate
      if (
        found &&
        now < found.at + KEPT_MS &&
        now >= found.at &&
        found.num === num &&
        found.den === den &&
        found.fullUnits === asked.fullPrice.units
      ) {
        return found.collecting
      }
      const collecting = priced(receiver, asked)
      kept.delete(key)
      kept.set(key, { at: now, num, den, fullUnits: asked.fullPrice.units, collecting })
      if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value!)
      return collecting
    },
  }
}

/** A transfer between balances here: free, and there at once. */
export function collectingByBook(price: Money, bookAsset: Asset): PricedCollecting {
  const nothing = { feeNano: 0n, gasNano: 0n, batchShareNano: 0n, secondsToFunds: 0n }
  return { ...priceCollecting({ rail: 'book', priceNano: usdToNano(price), ...nothing, asset: bookAsset, credited: bookAsset }), rates: [] }
}

/** An amount of USD in nano-USD. */
export function usdToNano({ asset, units }: Money): NanoUsd {
  return units * 10n ** BigInt(NANO_SCALE - asset.scale)
}
