import type { LedgerFace } from '../ledger/openLedger.ts'
import type { Parties } from '../parties/party/parties.ts'
import { hashKey } from '../parties/party/parties.ts'
import type { Ground } from '../ports/ground.ts'
import { authenticator, FIRST_OPERATOR } from './http/authenticate.ts'
import type { CallersFace } from './http/faces.ts'
import { createIdempotency } from './http/idempotency.ts'

type Parts = LedgerFace &
  Readonly<{
    parties: Parties
    operatorKey: string
    /** Further people who operate this gateway, each with a key of their own. */
    operators: readonly Readonly<{ name: string; key: string }>[]
    /** How payers reach this gateway, when that is configured. */
    publicUrl: string | undefined
  }>

/** Who calls, and what was answered to them. Call it before the books start. */
export function openCallers({ clock }: Ground, { books, factsAt, parties, operatorKey, operators, publicUrl }: Parts): CallersFace {
  const keys = [{ name: FIRST_OPERATOR, key: operatorKey }, ...operators].map(({ name, key }) => ({ name, keyHash: hashKey(key) }))
  return {
    ...authenticator({ operators: keys, parties }),
    idempotent: createIdempotency({ books, clock, factsAt }),
    publicUrl,
  }
}
