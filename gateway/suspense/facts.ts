import { type FactOf, factKinds } from '../ports/factKinds.ts'
import type { EntryId, SuspenseActionId } from '../ports/ids.ts'
import type { Deed, Grounds } from './action.ts'

/** Every fact that this wing writes, besides `suspense.taken` and `suspense.put`, which are declared where what waits is kept. `by` names an operator. */
export type SuspenseFact =
  | FactOf<'suspense.asked', SuspenseActionId, Readonly<{ deed: Deed; asset: string; units: string; by: string }> & Grounds>
  /** `by`: who approved it, or who asked where nobody else had to. `entry` is absent where others book what follows. */
  | FactOf<'suspense.booked', SuspenseActionId, Readonly<{ by: string; entry?: EntryId }>>
  | FactOf<'suspense.canceled', SuspenseActionId, Readonly<{ by: string }>>
  /** The payout of a refund can never be made; the money stays with the refund. */
  | FactOf<'suspense.refused', SuspenseActionId, Readonly<{ detail: string }>>

const kinds = factKinds<SuspenseFact>({
  'suspense.asked': true,
  'suspense.booked': true,
  'suspense.canceled': true,
  'suspense.refused': true,
})

export const toSuspenseFact = kinds.write
export const readSuspenseFact = kinds.read
