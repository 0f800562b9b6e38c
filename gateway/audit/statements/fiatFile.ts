import { GatewayError } from '../../errors/gatewayError.ts'
import { type Asset, EUR, GBP, USD } from '../../money/asset.ts'
import { floorDiv } from '../../money/integers.ts'
import { formatAmount } from '../../money/money.ts'
import type { AssetBalance, Statement } from './statement.ts'

/** What a file in a bank's format is about: one account in one currency. */
export type FiatFile = Readonly<{ statement: Statement; of: AssetBalance; owner: Readonly<{ id: string; name: string }>; madeAt: number }>

const CURRENCIES: readonly Asset[] = [USD, EUR, GBP]
const PLACES = 2
/** Digits before the point: both formats have room for fifteen characters. */
const CENTS_MAX = 10n ** 14n

/** The balance that a bank's format can be made of. Throws `invalid_request` for an asset that is no currency, and for sums that the format has no room for. */
export function fiatBalance({ balances }: Statement, format: 'camt053' | 'mt940'): AssetBalance {
  const [of] = balances
  const { code, id } = of?.asset ?? { code: '', id: '' }
  if (!of || balances.length > 1 || !CURRENCIES.some((currency) => currency.id === id)) {
    throw new GatewayError(
      'invalid_request',
      `asset: ${format} is a bank's format, and ${code || 'nothing'} is no currency that banks write`,
      {
        hint: 'Name asset=EUR, USD or GBP with this format. Every other asset is in format=csv and format=json.',
      },
    )
  }
  const most = [of.opening, of.closing, of.in, of.out].map((units) => centsOf(units, of.asset))
  if (most.some((cents) => cents >= CENTS_MAX || cents <= -CENTS_MAX))
    throw new GatewayError('invalid_request', `asset: the sums are longer than ${format} has room for`, { hint: 'Ask for format=csv.' })
  return of
}

/** Whole cents, cut off below. A balance is cut, and a movement is what it changes of that, so that all still comes out even. */
export function centsOf(units: bigint, { scale }: Asset): bigint {
  return floorDiv(units, 10n ** BigInt(scale - PLACES))
}

/** What a movement changes of the cents of its balance. */
export function centsMoved({ units, balance, asset }: Readonly<{ units: bigint; balance: bigint; asset: Asset }>): bigint {
  return centsOf(balance, asset) - centsOf(balance - units, asset)
}

/** Cents without their sign, as "12.30". */
export function centsText(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(PLACES + 1, '0')
  return `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`
}

/** The whole amount in words, where cents do not say it. */
export function exactWords({ units, asset }: Readonly<{ units: bigint; asset: Asset }>): string {
  return units % 10n ** BigInt(asset.scale - PLACES) === 0n ? '' : `exactly ${formatAmount({ asset, units })} ${asset.code}`
}

/** The name of a statement, at most 35 characters: its days, its currency, and the end of its account's id. */
export function nameOf({ statement: { period }, of, owner }: FiatFile): string {
  const day = (date: string) => date.replaceAll('-', '')
  return `${day(period.from)}-${day(period.to)}-${of.asset.code}-${owner.id.slice(-12)}`
}
