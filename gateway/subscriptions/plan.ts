import type { Periods } from '../ledger/calendar/periods.ts'
import type { Money } from '../money/money.ts'
import type { IntentAbout, PayeeRef } from '../payins/intent/intent.ts'
import type { PlanId } from '../ports/ids.ts'

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
