import { bankDaysAfter } from '../../gateway/payouts/calendar/bankDays.ts'
import { type Faults, faultyLines, sumOf } from './faults.ts'
import type { Booking } from './reports.ts'

type Parts = Readonly<{
  faults: Faults
  date: () => string
  reference: () => string
  /** Money that comes to our account from nobody here; negative where it goes. */
  enrich: (cents: bigint) => void
}>

/** The lines of today on our account: as they were booked, or as it was ordered that they go wrong. */
export function createDayLines({ faults, date, reference, enrich }: Parts) {
  let booked: Booking[] = []
  let reported = 0
  const corrected = new Set<string>()
  /** What stands on the statement of a later day, with how many days that is. */
  let held: Readonly<{ line: Booking; days: number }>[] = []

  return {
    /** Notes a booking for the reports, or what was ordered to become of it; returns the bank's reference of it. */
    book(booking: Omit<Booking, 'reference' | 'date'>): string {
      const line = { ...booking, reference: reference(), date: date() }
      const lines = faultyLines(line, faults.ofBooking(lookedAt(line)), {
        again: (one) => ({ ...one, reference: reference() }),
        fee: (cents) => ({ ...feeLine(line, cents), reference: reference(), date: date() }),
        on: (one, days) => ({ ...one, date: bankDaysAfter('target', date(), days) }),
      })
      const today = lines.filter(({ days }) => days === 0).map((one) => one.line)
      booked.push(...today)
      held.push(...lines.filter(({ days }) => days > 0))
      // The money of the booking has moved as it was ordered.
      enrich(sumOf(today) - sumOf([line]))
      return line.reference
    },
    /** A line that nobody ordered. */
    bookOwn(line: Pick<Booking, 'credit' | 'cents' | 'text'>): void {
      booked.push({ ...line, code: ['MCOP', 'OTHR'], reference: reference(), date: date() })
      enrich(sumOf([line]))
    },
    /** What was booked or corrected since the last call. */
    unreported(): Booking[] {
      const since = [...booked.slice(0, reported).filter((one) => corrected.has(one.reference)), ...booked.slice(reported)]
      reported = booked.length
      corrected.clear()
      return since
    },
    /** Gives today's booking with this text another amount under its reference, as a bank does that has mistyped it. False when there is none. */
    correct(text: string, cents: bigint): boolean {
      const place = booked.findLastIndex((booking) => booking.text === text)
      const wrong = booked[place]
      if (!wrong) return false
      enrich(wrong.credit ? cents - wrong.cents : wrong.cents - cents)
      booked[place] = { ...wrong, cents }
      corrected.add(wrong.reference)
      return true
    },
    /** The lines of the day that ends; `date` is still its day. */
    close(): Booking[] {
      const of = booked
      booked = []
      reported = 0
      return of
    },
    /** Begins the next day, with what was held back for it. */
    begin(): void {
      const due = held.filter(({ days }) => days <= 1).map(({ line }) => ({ ...line, date: date() }))
      held = held.filter(({ days }) => days > 1).map(({ line, days }) => ({ line, days: days - 1 }))
      booked.push(...due)
      enrich(sumOf(due))
    },
  }
}

function lookedAt({ cents, credit, payer, payee, endToEndId, text, creditorReference, date }: Booking) {
  const other = credit ? payer : payee
  const names = [endToEndId, text, creditorReference].filter((name) => name !== undefined)
  return { cents, accounts: other ? [other.iban] : [], names, day: date }
}

function feeLine({ endToEndId }: Booking, cents: bigint): Omit<Booking, 'reference' | 'date'> {
  const about = endToEndId === undefined ? {} : { endToEndId }
  return { credit: false, cents, code: ['ICDT', 'CHRG'], ...about, text: 'Fee of another bank' }
}
