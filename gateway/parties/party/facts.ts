import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { Hex, PartyId, SplitKey } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'

/** `keyHash`: of the party's first API key. `keyHint`: how it ends. `reference`: of its bank transfers, when there is a bank. */
type PartyData = Readonly<{ name: string; keyHash: string; keyHint?: string; reference?: string; metadata?: Metadata }>

/**
 * `shares` are decimal strings. `inBooks`: the account is the gateway's, and the party is owed in the books. `house`: the party whose table with one row this
 * is.
 */
export type SplitData = Readonly<{
  payees: readonly Readonly<{ party: PartyId; account: Hex; shares: string; inBooks?: true }>[]
  label: string
  house?: PartyId
  metadata?: Metadata
}>

/** Every fact that this room writes. */
type PartyFact = FactOf<'party.created', PartyId, PartyData> | FactOf<'split.created', SplitKey, SplitData>

const kinds = factKinds<PartyFact>({ 'party.created': true, 'split.created': true })

/** A fact of this room as the journal takes it. */
export const toPartyFact = kinds.write
/** The fact as this room wrote it; undefined for another room's. */
export const readPartyFact = kinds.read
