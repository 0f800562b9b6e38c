import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { KeyId } from '../../ports/ids.ts'
import type { Role } from '../keys/key.ts'

export type ActId = `act_${string}`

/**
 * `by`: whose key it was, as the books name a caller. `key` is absent for one of the configuration, `person` and `role` where nobody is named. `from`: the
 * address. `what`: the operation, such as `POST /v1/payouts`; `resources`: the ids that it is about. `status`: how it was answered. `request`: the answer's id.
 */
type ActData = Readonly<{
  by: string
  person?: string
  role?: Role
  key?: KeyId
  from: string
  what: string
  resources: readonly string[]
  status: number
  request: string
}>

/** Every fact that this room writes. */
export type ActFact = FactOf<'act.done', ActId, ActData>

const kinds = factKinds<ActFact>({ 'act.done': true })

/** A fact of this room as the journal takes it. */
export const toActFact = kinds.write
/** The fact as this room wrote it; undefined for another room's. */
export const readActFact = kinds.read
