import type { LedgerFace } from '../ledger/openLedger.ts'
import type { Role } from '../parties/keys/key.ts'
import { hashKey } from '../parties/keys/secret.ts'
import type { PartiesFace } from '../parties/openParties.ts'
import type { Ground } from '../ports/ground.ts'
import { authenticator, FIRST_OPERATOR } from './http/authenticate.ts'
import type { CallersFace } from './http/faces.ts'
import { createIdempotency } from './http/idempotency.ts'

type Parts = LedgerFace &
  Readonly<{
    parties: Pick<PartiesFace, 'parties' | 'keys' | 'sessions'>
    operatorKey: string
    /** Further people who operate this gateway, each with a key of their own. */
    operators: readonly Readonly<{ name: string; key: string; role: Role }>[]
    /** How payers reach this gateway, when that is configured. */
    publicUrl: string | undefined
  }>

/** Who calls, and what was answered to them. Call it before the books start. */
export function openCallers({ clock, ids }: Ground, { books, factsAt, parties, operatorKey, operators, publicUrl }: Parts): CallersFace {
  const people = [{ name: FIRST_OPERATOR, key: operatorKey, role: 'admin' as const }, ...operators]
  return {
    ...authenticator({ operators: people.map(({ name, key, role }) => ({ name, role, keyHash: hashKey(key) })), ...parties }),
    idempotent: createIdempotency({ books, clock, ids, factsAt }),
    publicUrl,
  }
}
