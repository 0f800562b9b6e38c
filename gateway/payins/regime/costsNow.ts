import type { NanoUsd } from '../../costs/policy.ts'
import { createValuer } from '../../costs/valuer.ts'
import { whereAvailable } from '../../errors/gatewayError.ts'
import type { Asset } from '../../money/asset.ts'
import { max } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import type { RailName } from '../../ports/railName.ts'
import type { RateSource } from '../../ports/rates.ts'
import type { Collector } from '../../ports/receiver.ts'
import type { VoucherChannelOperator } from '../../ports/voucherChannels.ts'
import type { RegimeCost } from './chooseRegime.ts'
import type { CollectionCost } from './collectWhen.ts'

/** One chain, as far as its costs go. */
type PricedChain = Pick<Collector, 'collectionCost'> & Pick<VoucherChannelOperator, 'openCost' | 'claimCost'>

/**
 * How a payment can be settled here: by one authorization that is collected alone, by one that is held and collected with others, by a voucher of a channel.
 */
export type RegimeName = 'exact' | 'held' | 'channel'

type Parts = Readonly<{ chainOf: (rail: RailName) => PricedChain | undefined; rates: RateSource; usd: Asset }>

/** What goes together in one transaction of a gateway that has some customers, and the vouchers of a channel that are claimed as one. */
const COMPANY = 10n
const GATHERED = 10n

export type CostsNow = ReturnType<typeof createCostsNow>

/** What settling costs now on each chain, from memory. Undefined where it is free, or where that is not known. */
export function createCostsNow({ chainOf, rates, usd }: Parts) {
  function nanoOf(amounts: readonly Money[]): readonly NanoUsd[] | undefined {
    const valuer = createValuer(rates, usd)
    return whereAvailable(() => amounts.map((amount) => valuer.nano(amount, 'up')))
  }

  function collection(rail: RailName): CollectionCost | undefined {
    const chain = chainOf(rail)
    if (!chain?.collectionCost) return undefined
    const costs = nanoOf([chain.collectionCost(2n), chain.collectionCost(2n + COMPANY)])
    if (!costs) return undefined
    const [two = 0n, more = 0n] = costs
    const row = max(more - two, 0n) / COMPANY
    return { row, beside: max(two - 2n * row, 0n) }
  }

  return {
    collection,
    /** Of one authorization: its own gas, collected with as many others as usual, or alone. */
    ofOne(rail: RailName): Readonly<{ row: NanoUsd; inCompany: NanoUsd; alone: NanoUsd }> | undefined {
      const cost = collection(rail)
      return cost && { row: cost.row, inCompany: cost.row + cost.beside / COMPANY, alone: cost.row + cost.beside }
    },
    /** The regimes of a chain with what each costs now: another one is one more line. */
    regimes(rail: RailName): readonly RegimeCost<RegimeName>[] {
      const chain = chainOf(rail)
      const together = collection(rail)
      if (!chain?.collectionCost || !together) return []
      const costs = nanoOf([chain.collectionCost(1n), chain.openCost(), chain.claimCost(1n)])
      if (!costs) return []
      const [alone = 0n, opens = 0n, claim = 0n] = costs
      return [
        { name: 'held', opens: 0n, each: together.row + together.beside / COMPANY },
        { name: 'exact', opens: 0n, each: alone },
        { name: 'channel', opens, each: claim / GATHERED },
      ]
    },
  }
}
