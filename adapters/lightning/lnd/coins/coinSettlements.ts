import type { Asset } from '../../../../gateway/money/asset.ts'
import { money } from '../../../../gateway/money/money.ts'
import type { Cursor } from '../../../../gateway/ports/ids.ts'
import type { Settlement } from '../../../../gateway/ports/receiver.ts'
import type { RailBalance } from '../../../../gateway/ports/statement.ts'
import { PLACE, WALLET } from '../paying/translate.ts'
import type { CoinEffect, ExplainedCoins } from './explainCoins.ts'

const MSAT_PER_SAT = 1_000n

/** What a transaction of LND's wallet, or a channel that opened, means to the books; `at` in ms. */
export function coinSettlement(effect: CoinEffect, o: Readonly<{ cursor: Cursor; asset: Asset; at: number }>): Settlement {
  const { id, kind, sats } = effect
  const { cursor, asset, at } = o
  const place = effect.place === 'wallet' ? WALLET : PLACE
  const common = { kind, id, cursor, rail: 'lightning', place, amount: money(asset, sats * MSAT_PER_SAT), at } as const
  return kind === 'moved' ? { ...common, toPlace: PLACE } : common
}

/** What LND's wallet holds, by its own word. Nothing is under way in it that could hide a loss: what is to be told later is left out of it. */
export function walletBalance({ wholeSats }: ExplainedCoins, { asset, at }: Readonly<{ asset: Asset; at: number }>): RailBalance {
  return { place: WALLET, amount: money(asset, wholeSats * MSAT_PER_SAT), at, inFlight: [] }
}
