import { type FactOf, factKinds } from '../../ports/factKinds.ts'

/** Units of the token by the channel's id: up to where its vouchers are about to stand in a transaction that anybody can read. */
type ShownData = Readonly<{ shown: Readonly<Record<string, string>> }>

/** Every fact that this room writes. Id: the rail. */
type ShownFact = FactOf<'vouchers.shown', string, ShownData>

const kinds = factKinds<ShownFact>({ 'vouchers.shown': true })

/** A fact of this room as the journal takes it. */
export const toShownFact = kinds.write
/** The fact as this room wrote it; undefined for another room's. */
export const readShownFact = kinds.read
