import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { KeyId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import type { Rights, Role } from './key.ts'

/** `by`: who made it, as the books name a caller. `person` of a party, in a `role`. The secret is nowhere: `hash` is its SHA-256, `hint` how it ends. */
type KeyData = Readonly<{
  holder: string
  name: string
  hash: string
  hint: string
  by: string
  can?: Rights
  addresses?: readonly string[]
  endsAt?: number
  person?: string
  role?: Role
  publishable?: true
  agent?: string
  metadata?: Metadata
}>

/** From when on it is good for nothing. `revoked`: at once, and not after an overlap. */
type EndData = Readonly<{ endsAt: number; by: string; revoked: boolean }>
/** When each was last used, by the key's id: once an hour at most. */
type UseData = Readonly<{ used: Readonly<Record<string, number>> }>

/** Every fact that this room writes. */
export type KeyFact = FactOf<'key.created', KeyId, KeyData> | FactOf<'key.ended', KeyId, EndData> | FactOf<'keys.used', 'keys', UseData>

const kinds = factKinds<KeyFact>({ 'key.created': true, 'key.ended': true, 'keys.used': true })

/** A fact of this room as the journal takes it. */
export const toKeyFact = kinds.write
/** The fact as this room wrote it; undefined for another room's. */
export const readKeyFact = kinds.read
