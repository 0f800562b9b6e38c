import type { Asset } from '../../../../gateway/money/asset.ts'
import { money } from '../../../../gateway/money/money.ts'
import type { Cursor } from '../../../../gateway/ports/ids.ts'
import type { Settlement } from '../../../../gateway/ports/receiver.ts'
import { msOf, PLACE, WALLET } from '../paying/translate.ts'
import type { ClosingRow } from './watchClosings.ts'

/** What a closing means to the books: what came home left the channels, and what it cost is spent. Named by the channel, so that it is booked once. */
export function closingSettlements({ channel, homeMsat, costMsat, at }: ClosingRow, cursor: Cursor, asset: Asset): Settlement[] {
  const common = { id: `closing ${channel}`, cursor, rail: 'lightning', place: PLACE, at: msOf(at) } as const
  const moved: Settlement = { ...common, kind: 'moved', toPlace: WALLET, amount: money(asset, homeMsat) }
  const spent: Settlement = { ...common, kind: 'spent', amount: money(asset, costMsat) }
  return [moved, spent].filter(({ amount }) => amount.units > 0n)
}
