import type { Periods } from '../ledger/calendar/periods.ts'
import { readIntentFact, type UnitsData } from '../payins/intent/facts.ts'
import type { IntentAbout, PayeeRef } from '../payins/intent/intent.ts'
import type { Fact } from '../ports/books.ts'
import { type FactOf, factKinds } from '../ports/factKinds.ts'
import type { IntentId, PartyId, PlanId, SubscriptionId } from '../ports/ids.ts'

type PlanData = Readonly<{
  payee: PayeeRef
  amount: UnitsData
  every: Periods['every']
  trialDays: number
  about: IntentAbout
  metadata: Readonly<Record<string, string>>
  by: string
}>

export type PlanFact =
  | FactOf<'plan.created', PlanId, PlanData>
  /** What periods cost that begin from now on. */
  | FactOf<'plan.repriced', PlanId, Readonly<{ amount: UnitsData; by: string }>>
  | FactOf<'plan.deactivated', PlanId, Readonly<{ by: string }>>

type Shaped<T extends string, D> = FactOf<T, SubscriptionId, D>
export type SubscriptionFact =
  /** `anchor`: when the first period begins, at the earliest. */
  | Shaped<
      'subscription.created',
      Readonly<{
        plan: PlanId
        payee: string
        subscriber?: PartyId
        every: Periods['every']
        anchor: number
        metadata: Readonly<Record<string, string>>
        by: string
      }>
    >
  /** Its payer lets so much be taken each period, in units of USD. */
  | Shaped<'subscription.consented', Readonly<{ mostUnits: string; by: string }>>
  /** A period has begun, in the commit of its intent. */
  | Shaped<'subscription.begun', Readonly<{ period: number; intent: IntentId }>>
  /** It was taken out of the balance, in the commit of its intent's payment. */
  | Shaped<'subscription.collected', Readonly<{ period: number; receipt: string }>>
  /** It could not be taken, or its page was not paid yet. */
  | Shaped<'subscription.tried', Readonly<{ period: number; intent: IntentId; reason: string }>>
  /** The next period costs so much, which is more than its payer lets be taken: he is asked anew. */
  | Shaped<'subscription.lapsed', Readonly<{ units: string }>>
  /** Nothing more is done until somebody says so. `by`: who wanted it; absent where a period was not paid. */
  | Shaped<'subscription.paused', Readonly<{ by?: string }>>
  | Shaped<'subscription.resumed', Readonly<{ by: string }>>
  /** It ends with the period that it is in, unless it is resumed before. */
  | Shaped<'subscription.ending', Readonly<{ by: string }>>
  | Shaped<'subscription.canceled', Readonly<{ by: string }>>

const planKinds = factKinds<PlanFact>({ 'plan.created': true, 'plan.repriced': true, 'plan.deactivated': true })
export const toPlanFact = planKinds.write
export const readPlanFact = planKinds.read

const kinds = factKinds<SubscriptionFact>({
  'subscription.created': true,
  'subscription.consented': true,
  'subscription.begun': true,
  'subscription.collected': true,
  'subscription.tried': true,
  'subscription.lapsed': true,
  'subscription.paused': true,
  'subscription.resumed': true,
  'subscription.ending': true,
  'subscription.canceled': true,
})
export const toSubscriptionFact = kinds.write
export const readSubscriptionFact = kinds.read

/** That an intent was paid, or ended without. */
export type IntentEnd = Readonly<{ intent: IntentId; state: 'paid' | 'unpaid' }>

export function readIntentEnd(fact: Fact): IntentEnd | undefined {
  const known = readIntentFact(fact)
  if (known?.type === 'intent.settled') return { intent: known.id, state: 'paid' }
  return known?.type === 'intent.expired' || known?.type === 'intent.canceled' ? { intent: known.id, state: 'unpaid' } : undefined
}
