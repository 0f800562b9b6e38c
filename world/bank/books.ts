import { bankDaysAfter } from '../../gateway/payouts/calendar/bankDays.ts'
import { createDayLines } from './dayLines.ts'
import { createFaults, type Faults } from './faults.ts'
import type { Day, Head } from './reports.ts'

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
  { own, startDate, now, faults = createFaults() }: Readonly<{ own: string; startDate: string; now: () => Date; faults?: Faults }>,
) {
  const balances = new Map<string, bigint>([...opening, [INCOME, 0n]])
  balances.set(OTHER_BANKS, -[...balances.values()].reduce((a, b) => a + b, 0n))
  const balance = (id: string) => balances.get(id) ?? 0n
  let date = startDate
  let openingCents = balance(own)
  let serial = 0

  function next(kind: string): string {
    serial += 1
    return `${kind}${date.replaceAll('-', '')}N${String(serial).padStart(8, '0')}`
  }

  function enrich(cents: bigint): void {
    balances.set(own, balance(own) + cents)
    balances.set(OTHER_BANKS, balance(OTHER_BANKS) - cents)
  }

  const lines = createDayLines({ faults, date: () => date, reference: () => next('B'), enrich })

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
    book: lines.book,
    bookOwn: lines.bookOwn,
    unreported: lines.unreported,
    correct: lines.correct,
    checkSum(): void {
      if ([...balances.values()].reduce((a, b) => a + b, 0n) !== 0n) throw new Error('invariant broken: the bank made or lost money')
    },
    /** The day before the first, without bookings. */
    dayBefore: (): Day => ({ date: dayBefore(date), opening: openingCents, closing: openingCents, bookings: [] }),
    /** Ends the day; the date moves to the next TARGET day. */
    closeDay(): Day {
      const day = { date, opening: openingCents, closing: balance(own), bookings: lines.close() }
      openingCents = day.closing
      date = bankDaysAfter('target', date, 1)
      lines.begin()
      return day
    },
  }
}

function dayBefore(date: string): string {
  return new Date(Date.parse(date) - DAY_MS).toISOString().slice(0, 10)
}
