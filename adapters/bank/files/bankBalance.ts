import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { Asset } from '../../../gateway/money/asset.ts'
import type { RailBalance } from '../../../gateway/ports/statement.ts'
import { PLACE } from './entryStream.ts'
import type { BankStore, Problem } from './store.ts'

const MISSING = 'the bank has not sent a statement yet'
const HINT = 'Put a statement of the account into inbox/ (camt.053.001.08, or BAI2 of a US bank); the balance is read from it.'

/**
 * The bank's own word: the closing balance of its last statement and the bookings it notified for later days. A booking notified for a day
 * whose statement does not list it is not counted, since the statement is the bank's last word on that day (and it is listed as a problem).
 */
export function bookedBalance(store: BankStore, asset: Asset): Pick<RailBalance, 'amount' | 'at'> {
  const statement = store.lastStatement()
  if (!statement) {
    throw new GatewayError('rail_unavailable', MISSING, { hint: HINT })
  }
  const since = store.unlistedSum(statement.closingOn)
  return {
    amount: { asset, units: statement.closing + since.sum },
    at: since.at !== null && since.at > statement.at ? since.at : statement.at,
  }
}

/** The same, with what of it the stream of settlements tells, and in `inFlight` the payments handed over that the bank has not debited yet. */
export function bankBalance(store: BankStore, asset: Asset): RailBalance {
  const booked = bookedBalance(store, asset)
  const inFlight = store.openPayments().map(({ attemptId, units }) => ({
    what: `${attemptId}: handed to the bank, not debited yet`,
    amount: { asset, units },
    payments: [attemptId],
  }))
  const told = { asset, units: store.toldSum(store.lastStatement()?.closingOn ?? '') }
  return { place: PLACE, ...booked, told, inFlight }
}

/** What an operator must do before money can leave: nothing can be estimated without a balance. */
export function missingStatement(store: BankStore, now: number): readonly Problem[] {
  return store.lastStatement()
    ? []
    : [{ id: 'no-statement', at: now, what: MISSING, detail: `no payout can leave until there is one. ${HINT}` }]
}
