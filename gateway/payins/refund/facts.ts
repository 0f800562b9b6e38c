import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { EntryId, ReceiptId } from '../../ports/ids.ts'

/** `units` of what was paid, `left` what can still be given back; `by` whose key asked for it; `metadata` is the seller's own. */
type GivenData = Readonly<{
  units: string
  left: string
  entry: EntryId
  reason: string
  by: string
  metadata: Readonly<Record<string, string>>
}>

/** A seller gave back what a served request had paid, wholly or in part. */
type GivenFact = FactOf<'refund.given', ReceiptId, GivenData>

const kinds = factKinds<GivenFact>({ 'refund.given': true })

export const toGivenFact = kinds.write
export const readGivenFact = kinds.read
