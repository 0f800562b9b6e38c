import type { Ground } from '../ports/ground.ts'
import type { SubscriptionContext } from './context.ts'
import { createPlans, type Plans } from './plans.ts'
import { createPlanRecords, createSubscriptionRecords } from './records.ts'
import { createSubscriptions, type Subscriptions } from './subscriptions.ts'

type Parts = Pick<SubscriptionContext, 'books' | 'intents' | 'splits' | 'receipts' | 'log'> &
  Readonly<{ onFatal?: (error: unknown) => void }>

/** Plans, and who subscribes to them. Call it before the books start, and `subscriptions.start` after them. */
export function openSubscriptions(
  { assetOf, clock, ids, rates, usd }: Pick<Ground, 'assetOf' | 'clock' | 'ids' | 'rates' | 'usd'>,
  { books, intents, splits, receipts, log, onFatal }: Parts,
): Readonly<{ plans: Plans; subscriptions: Subscriptions }> {
  const plans = createPlanRecords(books, assetOf)
  const records = createSubscriptionRecords(books)
  return {
    plans: createPlans({ books, clock, ids, records: plans }),
    subscriptions: createSubscriptions({ books, intents, splits, receipts, log, clock, ids, rates, usd, plans, records, onFatal }),
  }
}
