/** How often an app's budget begins anew, in UTC: at midnight, on Mondays, on the first of the month or of the year, or never. */
export const BUDGET_PERIODS = ['never', 'daily', 'weekly', 'monthly', 'yearly'] as const
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number]

/** When the period that contains `now` began and ends, in ms; it has neither when the budget never begins anew. */
export function periodOf(period: BudgetPeriod, now: number): Readonly<{ since: number | undefined; until: number | undefined }> {
  const at = new Date(now)
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()]
  // Monday is the first day of a week (ISO 8601); JavaScript's first is Sunday.
  const monday = day - ((at.getUTCDay() + 6) % 7)
  switch (period) {
    case 'daily':
      return { since: Date.UTC(year, month, day), until: Date.UTC(year, month, day + 1) }
    case 'weekly':
      return { since: Date.UTC(year, month, monday), until: Date.UTC(year, month, monday + 7) }
    case 'monthly':
      return { since: Date.UTC(year, month), until: Date.UTC(year, month + 1) }
    case 'yearly':
      return { since: Date.UTC(year, 0), until: Date.UTC(year + 1, 0) }
    case 'never':
      return { since: undefined, until: undefined }
  }
}
