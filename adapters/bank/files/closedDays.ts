import type { Asset } from '../../../gateway/money/asset.ts'
import type { BankDays } from '../../../gateway/ports/bankDays.ts'
import type { ClosedDays, RailMovement } from '../../../gateway/ports/statement.ts'
import { PLACE } from './entryStream.ts'
import type { BankStore, EntryRow } from './store.ts'

const PAGE = 500
/** Statements of one look: more than a year of days. */
const STATEMENTS_MAX = 400

/** The bank's statements, line by line. Every line has a row here since the file that first reported it. */
export function closedDays({ store, asset, days }: Readonly<{ store: BankStore; asset: Asset; days: BankDays }>): ClosedDays {
  return {
    async statements(fromDay) {
      const found = store.statementsFrom(fromDay, STATEMENTS_MAX)
      return found.map(({ id, opening, closing, closingOn: day, at }) => ({
        id,
        place: PLACE,
        day,
        at,
        opening: { asset, units: opening },
        closing: { asset, units: closing },
      }))
    },
    async *movements(statement) {
      for (let after = 0; ; ) {
        const page = store.listedBy(statement, after, PAGE)
        for (const row of page) yield movementOf(row, asset)
        if (page.length < PAGE) return
        after = page.at(-1)!.seq
      }
    },
    knownAs(attempt) {
      const payment = store.payment(attempt)
      if (!payment) return undefined
      const { endToEndId, messageId, name } = payment
      return { names: [endToEndId], counterparty: name, ...(messageId === null ? {} : { batch: messageId }) }
    },
    // Debited by then; a day more, because the bank's own cut-off may come before that of our calendar.
    dueDay: (at) => days.executionDay(days.nextDayAt(days.goodFundsAt(at))),
  }
}

/** A payer can write any end-to-end id, so only a debit is known by it. */
function movementOf(row: EntryRow, asset: Asset): RailMovement {
  const out = row.side === 'debit'
  const kind = row.kind === 'charge' ? 'fee' : 'payment'
  return {
    id: row.id,
    kind,
    side: out ? 'out' : 'in',
    amount: { asset, units: row.units },
    day: row.bookedOn,
    names: out && kind === 'payment' && row.endToEndId !== null ? [row.id, row.endToEndId] : [row.id],
    ...(out && row.batch !== null ? { batch: row.batch } : {}),
    ...(row.payer === null ? {} : { counterparty: row.payer }),
    ...(row.remittance === null ? {} : { text: row.remittance }),
  }
}
