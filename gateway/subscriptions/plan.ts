import type { Periods } from '../ledger/calendar/periods.ts'
import type { Money } from '../money/money.ts'
import type { IntentAbout, PayeeRef } from '../payins/intent/intent.ts'
import type { PlanId } from '../ports/ids.ts'

const SHORTEST_DAYS = { day: 1, week: 7, month: 28, year: 365 } as const

/** What is paid each period, in USD, and to whom. Of these the amount alone can change, for periods that begin later. */
export type Plan = Readonly<{
  id: PlanId
  payee: PayeeRef
  amount: Money
  every: Periods['every']
  trialDays: number
  about: IntentAbout
  metadata: Readonly<Record<string, string>>
  /** Whether new subscriptions may be made of it. */
  active: boolean
  createdBy: string
  createdAt: number
}>

/** The longest of these that is no longer than a period: how often a budget begins anew, at the most. */
export function budgetPeriodOf({ unit, count }: Plan['every']): 'daily' | 'weekly' | 'monthly' | 'yearly' {
  const days = SHORTEST_DAYS[unit] * count
  if (days >= SHORTEST_DAYS.year) return 'yearly'
  if (days >= SHORTEST_DAYS.month) return 'monthly'
  return days >= SHORTEST_DAYS.week ? 'weekly' : 'daily'
}
