import { whereAvailable } from '../../errors/gatewayError.ts'
import type { Asset } from '../../money/asset.ts'
import { formatAmount, type Money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import { railKind } from '../../ports/railName.ts'
import type { RatesRead } from '../../ports/rates.ts'
import type { Receiver } from '../../ports/receiver.ts'
import type { ListedPrice } from './listing.ts'

/** A rail that a 402 offers, as far as it is the same for every request. `units`: what a price is in it; undefined where that moves with a rate. */
export type ListedRail =
  | Readonly<{ kind: 'evm'; chainId: number; token: string; code: string; units: (price: Money) => bigint | undefined }>
  | Readonly<{ kind: 'lightning' }>

type Needs = Readonly<{ ground: Readonly<{ usd: Asset; rates: RatesRead }>; payins: Readonly<{ receivers: readonly Receiver[] }> }>

/** What can be paid with here, from memory: no rail is asked. */
export function listedRails({ ground: { usd, rates }, payins: { receivers } }: Needs): readonly ListedRail[] {
  return receivers.flatMap(({ rail, asset }): ListedRail[] => {
    if (railKind(rail) === 'lightning') return [{ kind: 'lightning' }]
    const token = /^eip155:(\d+)\/erc20:(0x[0-9a-f]{40})$/.exec(asset.id)
    if (!token) return []
    const units = (price: Money) => atPar(rates, { usd, asset }, price)
    return [{ kind: 'evm', chainId: Number.parseInt(token[1]!, 10), token: token[2]!, code: asset.code, units }]
  })
}

/** A dollar's price in a token that is a dollar now; any other amount would be wrong when it is read. */
function atPar(rates: RatesRead, { usd, asset }: Readonly<{ usd: Asset; asset: Asset }>, price: Money): bigint | undefined {
  const rate = whereAvailable(() => rates.peek(usd, asset))
  if (!rate || rate.num * 10n ** BigInt(usd.scale) !== rate.den * 10n ** BigInt(asset.scale)) return undefined
  return convert(price, rate, 'up').units
}

/** A price in words. */
export function priceInWords(price: ListedPrice): string {
  if (price.kind === 'fixed') return `${formatAmount(price.price)} USD`
  if (price.kind === 'range') return `from ${formatAmount(price.least)} to ${formatAmount(price.most)} USD, told by the 402 of each request`
  return 'told by the 402 of each request'
}
