import type { Action } from '../sending/actionTable.ts'
import type { RequestOf } from '../sending/requests.ts'

/** Which call carries it: the batch contract's, or the hub's. Rows of one kind go together. */
export type RowKind = 'transfer' | 'receive'

type Authorization = RequestOf<'collection'>['authorization']

/** An authorization that may be collected together with others. `endsAt`: its `validBefore` in ms. `urgent`: somebody waits for it. */
export type BatchRow = Readonly<{
  id: string
  kind: RowKind
  authorization: Authorization
  endsAt: number
  since: number
  urgent: boolean
  /** How large its company may be, since a larger one came to nothing. */
  rowsMax: number
}>

/** r, s and v of 27 or 28: the signature of a key. What is longer or shorter is for a contract to judge, which may burn any gas. */
const BY_KEY = /^0x[0-9a-f]{128}(?:1b|1c)$/

/** The action as a row; undefined when it has to go alone. */
export function rowOf(action: Action, o: Readonly<{ since: number; urgent: boolean; rowsMax: number }>): BatchRow | undefined {
  if (action.request.kind !== 'collection' || o.rowsMax < 2) return undefined
  const { authorization } = action.request
  const { kind } = authorization
  // x402's proxies take one permit a call.
  if (kind !== 'transfer' && kind !== 'receive') return undefined
  if (!BY_KEY.test(authorization.signature)) return undefined
  const endsAt = Number(authorization.validBefore) * 1000 // not money: a time
  return { id: action.id, kind, authorization, endsAt, ...o }
}
