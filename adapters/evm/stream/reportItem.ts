import { z } from 'zod'
import type { Asset } from '../../../gateway/money/asset.ts'
import { type Money, money } from '../../../gateway/money/money.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Settlement } from '../../../gateway/ports/receiver.ts'
import { hash32 } from '../node/wire.ts'

const text = z.string().exactOptional()
/** An item as it is kept: of the amount the units and whether it was gas. A payout that came to nothing after all has no kind. */
const itemShape = z.object({
  kind: z.enum(['received', 'swept', 'claimed', 'spent', 'deposited', 'vouched', 'withdrawn']).exactOptional(),
  place: z.string(),
  units: z.string(),
  gas: z.boolean(),
  at: z.number(),
  reference: text,
  splitId: hash32.exactOptional(),
  account: z.templateLiteral(['0x', z.string()]).exactOptional(),
  attemptId: text,
  payer: text,
  proof: text,
  channelId: hash32.exactOptional(),
})

/** An item as it is read back, with its amount as money. */
type ReportItem = Omit<z.infer<typeof itemShape>, 'units' | 'gas'> & Readonly<{ amount: Money }>

/** The text under which a settlement is kept. */
export function writeItem(settlement: Settlement, gasAsset: Asset): string {
  // The terms of a channel are not needed to take its deposit back.
  const { id: _id, movement: _movement, cursor: _cursor, rail: _rail, channel: _channel, amount, ...item } = settlement
  return JSON.stringify({ ...item, units: amount.units.toString(), gas: amount.asset.id === gasAsset.id })
}

/** The text under which a payout is kept that was told to have left and came to nothing. */
export function writeUndone(actionId: string, item: { place: string; units: bigint; at: number; account: Hex }): string {
  const { units, ...rest } = item
  return JSON.stringify({ ...rest, units: units.toString(), gas: false, attemptId: actionId })
}

/** Reads what `writeItem` or `writeUndone` wrote. Throws when the text is of another shape. */
export function readItem(text: string, of: { asset: Asset; gasAsset: Asset }): ReportItem {
  const { units, gas, ...item } = itemShape.parse(JSON.parse(text))
  return { ...item, amount: money(gas ? of.gasAsset : of.asset, BigInt(units)) }
}
