import { type Asset, BTC, EUR, erc20Asset } from '../../gateway/money/asset.ts'
import type { Fact, Json } from '../../gateway/ports/books.ts'
import type { Dice } from './dice.ts'

export const USDC: Asset = erc20Asset({ chainId: 31_337, address: `0x${'c'.repeat(40)}`, code: 'USDC', scale: 6, ledger: 10 })
export const ASSETS: readonly Asset[] = [USDC, BTC, EUR]

/** What happens to one thing, from its beginning: each step is a submission's facts. */
export type Story = Generator<Fact[]>

/** What stories are told with. `known` is what other stories have made, by kind. */
export type Teller = Readonly<{
  dice: Dice
  id<K extends string>(prefix: K): `${K}${string}`
  fact(type: string, id: string, data?: Readonly<Record<string, Json | undefined>>): Fact
  known: Readonly<Record<'parties' | 'splits' | 'addresses' | 'offers' | 'links' | 'apps', string[]>>
}>

/** Time goes on by a little with each fact; ids sort by it. */
export function createTeller(dice: Dice): Teller {
  let at = 1_800_000_000_000
  let count = 0
  return {
    dice,
    id: (prefix) => `${prefix}${(count++).toString(16).padStart(12, '0')}${dice.hex(10)}`,
    fact(type, id, data = {}) {
      at += dice.below(5_000)
      // As the journal keeps it: without what is undefined.
      return { type, id, at, data: JSON.parse(JSON.stringify(data)) }
    },
    known: { parties: [], splits: [], addresses: [], offers: [], links: [], apps: [] },
  }
}

/** An amount as payouts, exchanges and nets write it. */
export function moneyOf(asset: Asset, units: number): { asset: Asset; units: string } {
  return { asset, units: units.toString() }
}

/** An amount as intents write it. */
export function plainMoney(asset: Asset, units: number): { asset: string; units: string } {
  return { asset: asset.id, units: units.toString() }
}
