import { whereAvailable } from '../../errors/gatewayError.ts'
import { type Asset, sameAsset } from '../../money/asset.ts'
import { mulDiv } from '../../money/money.ts'
import type { Rate } from '../../money/rate.ts'
import type { RatesRead } from '../../ports/rates.ts'
import type { GroupTotals } from '../../ports/readModel.ts'
import { type Side, sideOf } from './sideOf.ts'

/** Three sums in one asset's units. What is held and not owed is the operator's own; negative when more is owed than held. */
export type Sides = Readonly<Record<Exclude<Side, 'counted'>, bigint>>

/** One group of accounts on a sheet: debits less credits where it is held, else credits less debits. */
type SheetLine = Readonly<{ group: string; side: Exclude<Side, 'counted'>; units: bigint }>

/**
 * What stands in one asset. `value` is in the reporting currency, undefined without a rate. `isWhole`: what is held is what is owed and what is own, and
 * limits that are counted sum to zero; anything else is a fault of the books.
 */
export type AssetSheet = Readonly<{
  asset: Asset
  sides: Sides
  lines: readonly SheetLine[]
  value?: Sides
  rate?: Rate
  isWhole: boolean
}>

/** `value` sums the assets that have one; `unpriced` are those that have none although something stands in them. */
export type BalanceSheet = Readonly<{ currency: Asset; assets: readonly AssetSheet[]; value: Sides; unpriced: readonly Asset[] }>

/** Sums groups by asset and side, and values each asset at the present rate, rounded towards zero. What is own is valued as what is held less what is owed. */
export function balanceSheet(
  groups: readonly GroupTotals[],
  { rates, currency }: Readonly<{ rates: RatesRead; currency: Asset }>,
): BalanceSheet {
  const byAsset = Map.groupBy(groups, ({ asset }) => asset.id)
  const assets = [...byAsset.values()].map((of) => assetSheet(of, { rates, currency })).sort((a, b) => a.asset.ledger - b.asset.ledger)
  const value = { held: 0n, owed: 0n, own: 0n }
  for (const { value: of } of assets) for (const side of ['held', 'owed', 'own'] as const) value[side] += of?.[side] ?? 0n
  const unpriced = assets.filter((of) => of.value === undefined).map(({ asset }) => asset)
  return { currency, assets, value, unpriced }
}

function assetSheet(groups: readonly GroupTotals[], o: Readonly<{ rates: RatesRead; currency: Asset }>): AssetSheet {
  const { asset } = groups[0]!
  const sides = { held: 0n, owed: 0n, own: 0n }
  let counted = 0n
  const lines: SheetLine[] = []
  for (const { group, debits, credits } of groups) {
    const side = sideOf(group)
    if (side === 'counted') {
      counted += credits - debits
      continue
    }
    const units = side === 'held' ? debits - credits : credits - debits
    sides[side] += units
    if (units !== 0n) lines.push({ group, side, units })
  }
  const isWhole = counted === 0n && sides.held === sides.owed + sides.own
  const priced = lines.length === 0 ? { value: { held: 0n, owed: 0n, own: 0n } } : valued(asset, sides, o)
  return { asset, sides, lines, isWhole, ...priced }
}

function valued(
  asset: Asset,
  { held, owed }: Sides,
  { rates, currency }: Readonly<{ rates: RatesRead; currency: Asset }>,
): Readonly<{ value?: Sides; rate?: Rate }> {
  const isCurrency = sameAsset(asset, currency)
  const rate = isCurrency ? undefined : whereAvailable(() => rates.peek(asset, currency))
  if (!rate && !isCurrency) return {}
  const worth = (units: bigint) => (rate ? toward(units, rate) : units)
  const value = { held: worth(held), owed: worth(owed), own: worth(held) - worth(owed) }
  return { value, ...(rate && { rate }) }
}

function toward(units: bigint, { num, den }: Rate): bigint {
  return units < 0n ? -mulDiv(-units, num, den, 'down') : mulDiv(units, num, den, 'down')
}
