import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { KeyId } from '../../ports/ids.ts'

export type PasskeyId = `psk_${string}`

/**
 * `credential`: the id that the device gave it, `publicKey`: its COSE key, both in base64url. `keyHash`: the API key that it stands for, of `holder`; `key` is
 * absent for one of the configuration. `from`: the address of the browser.
 */
type PasskeyData = Readonly<{
  credential: string
  publicKey: string
  counter: number
  keyHash: string
  key?: KeyId
  holder: string
  name: string
  from: string
}>

/** Every fact that this room writes. `counter`: how often the device says that it has signed; those that are kept in a cloud do not count. */
export type PasskeyFact =
  | FactOf<'passkey.added', PasskeyId, PasskeyData>
  | FactOf<'passkey.counted', PasskeyId, Readonly<{ counter: number }>>
  | FactOf<'passkey.removed', PasskeyId, Readonly<{ from: string }>>

const kinds = factKinds<PasskeyFact>({ 'passkey.added': true, 'passkey.counted': true, 'passkey.removed': true })

/** A fact of this room as the journal takes it. */
export const toPasskeyFact = kinds.write
/** The fact as this room wrote it; undefined for another room's. */
export const readPasskeyFact = kinds.read
