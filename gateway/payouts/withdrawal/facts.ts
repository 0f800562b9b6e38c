import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { EntryId, WithdrawalId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import type { RailName } from '../../ports/railName.ts'

/** Every fact that this room writes. `units` and `fee` are in the asset; `entry` holds both. */
export type WithdrawalFact =
  | FactOf<
      'withdrawal.begun',
      WithdrawalId,
      Readonly<{
        rail: RailName
        place: string
        entry: EntryId
        address: string
        asset: string
        units: string
        fee: string
        inputs: readonly string[]
        metadata?: Metadata
      }>
    >
  | FactOf<'withdrawal.settled', WithdrawalId, Readonly<{ transaction: string }>>
  | FactOf<'withdrawal.failed', WithdrawalId, Readonly<{ detail: string }>>

const kinds = factKinds<WithdrawalFact>({ 'withdrawal.begun': true, 'withdrawal.settled': true, 'withdrawal.failed': true })

export const toFact = kinds.write
export const readFact = kinds.read
