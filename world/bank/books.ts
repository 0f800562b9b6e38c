import { bankDaysAfter } from '../../gateway/payouts/calendar/bankDays.ts'
import type { Booking, Day, Head } from './reports.ts'

/** An account held at this bank. */
export type Holder = Readonly<{ id: string; name: string; iban: string }>

/** Money outside this bank, and the bank's own income: with them all accounts sum to zero. */
export const OTHER_BANKS = 'other-banks'
export const INCOME = 'bank-income'

const DAY_MS = 86_400_000

export type BankBooks = ReturnType<typeof createBooks>

/** Accounts in cents, the date, and what was booked today on the account `own`. */
export function createBooks(
  opening: readonly (readonly [id: string, cents: bigint])[],
  { own, startDate, now }: Readonly<{ own: string; startDate: string; now: () => Date }>,
) {
  const balances = new Map<string, bigint>([...opening, [INCOME, 0n]])
  balances.set(OTHER_BANKS, -[...balances.values()].reduce((a, b) => a + b, 0n))
  const balance = (id: string) => balances.get(id) ?? 0n
  let date = startDate
  let openingCents = balance(own)
  let booked: Booking[] = []
  let reported = 0
  const corrected = new Set<string>()
  let serial = 0

  function next(kind: string): string {
    serial += 1
    return `${kind}${date.replaceAll('-', '')}N${String(serial).padStart(8, '0')}`
  }

  return {
    balance,
    date: () => date,
    all: () => [...balances].map(([id, cents]) => ({ id, cents })),
    /** A new message: its id, and the simulated date with the hour of the real clock. */
    head: (kind: string): Head => ({ id: next(kind), createdAt: `${date}T${now().toISOString().slice(11, 19)}Z` }),
    move(from: string, to: string, cents: bigint): void {
      balances.set(from, balance(from) - cents)
      balances.set(to, balance(to) + cents)
    },
    /** Notes a booking on the account `own` for the reports; returns the bank's reference of it. */
    book(booking: Omit<Booking, 'reference' | 'date'>): string {
      const reference = next('B')
      booked.push({ ...booking, reference, date })
      return reference
    },
    /** What was booked or corrected since the last call. */
    unreported(): Booking[] {
      const since = [...booked.slice(0, reported).filter(({ reference }) => corrected.has(reference)), ...booked.slice(reported)]
      reported = booked.length
      corrected.clear()
      return since
    },
    /** Gives today's booking with this text another amount under its reference, as a bank does that has mistyped it. False when there is none. */
    correct(text: string, cents: bigint): boolean {
      const place = booked.findLastIndex((booking) => booking.text === text)
      const wrong = booked[place]
      if (!wrong) return false
      const more = wrong.credit ? cents - wrong.cents : wrong.cents - cents
      balances.set(own, balance(own) + more)
      balances.set(OTHER_BANKS, balance(OTHER_BANKS) - more)
      booked[place] = { ...wrong, cents }
      corrected.add(wrong.reference)
      return true
    },
    checkSum(): void {
      if ([...balances.values()].reduce((a, b) => a + b, 0n) !== 0n) throw new Error('invariant broken: the bank made or lost money')
    },
    /** The day before the first, without bookings. */
    dayBefore: (): Day => ({ date: dayBefore(date), opening: openingCents, closing: openingCents, bookings: [] }),
    /** Ends the day; the date moves to the next TARGET day. */
    closeDay(): Day {
      const day = { date, opening: openingCents, closing: balance(own), bookings: booked }
      openingCents = day.closing
      booked = []
      reported = 0
      date = bankDaysAfter('target', date, 1)
      return day
    },
  }
}

function dayBefore(date: string): string {
  return new Date(Date.parse(date) - DAY_MS).toISOString().slice(0, 10)
}
