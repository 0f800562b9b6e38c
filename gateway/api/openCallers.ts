import type { LedgerFace } from '../ledger/openLedger.ts'
import type { Parties } from '../parties/party/parties.ts'
import { hashKey } from '../parties/party/parties.ts'
import type { Ground } from '../ports/ground.ts'
import { authenticator } from './http/authenticate.ts'
import type { CallersFace } from './http/faces.ts'
import { createIdempotency } from './http/idempotency.ts'

type Parts = LedgerFace &
  Readonly<{
    parties: Parties
    operatorKey: string
    /** How payers reach this gateway, when that is configured. */
    publicUrl: string | undefined
  }>

/** Who calls, and what was answered to them. Call it before the books start. */
export function openCallers({ clock }: Ground, { books, factsAt, parties, operatorKey, publicUrl }: Parts): CallersFace {
  return {
    ...authenticator({ operatorKeyHash: hashKey(operatorKey), parties }),
    idempotent: createIdempotency({ books, clock, factsAt }),
    publicUrl,
  }
}
