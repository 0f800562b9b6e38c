import type { Faults } from './faults.ts'

/** `otherCurrency`: the same file, with its lines in a currency that the account has not. */
type Statement<R> = Readonly<{ report: R; cut: (report: R) => R; otherCurrency: (report: R) => R }>

/** Brings the statements of days, each by its day's end, but for what was ordered to go wrong. `days` are the bank's own. */
export function createStatementDelivery<R>(faults: Faults) {
  /** `first`: before the statement of the day at whose end it comes. */
  let waiting: { report: R; days: number; first: boolean }[] = []

  return {
    /** What comes at the end of this day. */
    close(day: string, { report, cut, otherCurrency }: Statement<R>): R[] {
      const due = (first: boolean) => ready.filter((one) => one.first === first).map((one) => one.report)
      const ready = waiting.filter(({ days }) => days <= 1)
      waiting = waiting.filter(({ days }) => days > 1).map((one) => ({ ...one, days: one.days - 1 }))
      const fault = faults.ofStatement(day)
      const now: R[] = []
      switch (fault?.kind) {
        case undefined:
          now.push(report)
          break
        case 'statement_twice':
          now.push(report, report)
          break
        case 'statement_after_next':
          waiting.push({ report, days: 1, first: false })
          break
        case 'statement_late':
          waiting.push({ report, days: fault.days, first: true })
          break
        case 'statement_currency':
        case 'statement_cut':
          waiting.push({ report, days: 1, first: true })
          now.push(fault.kind === 'statement_cut' ? cut(report) : otherCurrency(report))
      }
      return [...due(true), ...now, ...due(false)]
    },
  }
}
