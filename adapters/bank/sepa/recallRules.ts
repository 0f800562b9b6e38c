import type { BankDays } from '../../../gateway/ports/bankDays.ts'
import type { RecallKind, RecallReason } from '../../../gateway/ports/recaller.ts'

/** `days`: banking business days after the day on which it was debited; `months`: of the calendar. */
type Limit = Readonly<{ kind: RecallKind }> & (Readonly<{ days: number }> | Readonly<{ months: number }>)

/**
 * European Payments Council, SEPA Credit Transfer rulebook EPC125-05 (2025): section 4.3.2.3 and process PR-02 say what a bank recalls and for how long,
 * section 4.3.2.4 and process PR-03 what the originator may request. The rulebook of instant transfers, EPC004-16, has the same limits.
 */
export const RECALL_LIMITS: Readonly<Record<RecallReason, Limit>> = {
  DUPL: { kind: 'recall', days: 10 },
  TECH: { kind: 'recall', days: 10 },
  FRAD: { kind: 'recall', months: 13 },
  AC03: { kind: 'request', months: 13 },
  AM09: { kind: 'request', months: 13 },
  CUST: { kind: 'request', months: 13 },
}

/** The payee's bank answers within so many banking business days, by the same sections. */
const ANSWER_DAYS = 15
const DAY_MS = 86_400_000

/** When the banking day begins that is so many after the one that `at` (ms) is of. */
function bankingDaysAfter(days: BankDays, at: number, count: number): number {
  let end = at
  for (let n = 0; n < count; n++) end = days.nextDayAt(end)
  return end
}

/** The same day of the month `months` later; the last of that month where it has no such day. */
function monthsAfter(day: string, months: number): number {
  const date = new Date(`${day}T00:00:00Z`)
  const dayOfMonth = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(dayOfMonth < last ? dayOfMonth : last)
  return date.getTime()
}

/** Until when (ms) a payment that was debited on this day can be asked back for this reason. `days`: banking business days. */
export function recallableUntil(reason: RecallReason, debitedOn: string, days: BankDays): number {
  const limit = RECALL_LIMITS[reason]
  if ('months' in limit) return monthsAfter(debitedOn, limit.months) + DAY_MS
  // The last of the days counts until its end.
  return bankingDaysAfter(days, Date.parse(`${debitedOn}T10:00:00Z`), limit.days) + DAY_MS
}

/** By when (ms) what is asked at `at` is to be answered. */
export function answerDue(days: BankDays, at: number): number {
  return bankingDaysAfter(days, at, ANSWER_DAYS) + DAY_MS
}
