import { z } from 'zod'
import { PERIOD_COUNT_MAX, PERIOD_UNITS } from '../../ledger/calendar/periods.ts'
import { amountText } from '../http/amountText.ts'
import { metadata, partyId, shownText, splitKey } from '../http/wire.ts'
import { amounts, asked, byMetadata, listQuery } from '../lists/listQuery.ts'

const usd = z.strictObject({ asset: z.literal('USD'), amount: amountText('9') })
const TRIAL_DAYS_MAX = 730

export const createPlan = z
  .strictObject({
    amount: usd.meta({ description: 'What is paid each period, until the price is set anew.' }),
    interval: z.enum(PERIOD_UNITS),
    interval_count: z.int().min(1).default(1).meta({ description: 'Every so many: 3 months are a quarter.' }),
    trial_days: z.int().min(0).max(TRIAL_DAYS_MAX).default(0).meta({ description: 'Days before the first period begins.' }),
    payee: partyId.optional(),
    split: splitKey.optional(),
    description: shownText(200).optional(),
    seller: shownText(80).optional().meta({ description: 'Who sells, as the page says it. Absent: the name of the party that is paid.' }),
    metadata: metadata.default({}),
  })
  .refine((b) => (b.split === undefined) !== (b.payee === undefined), { message: 'needs exactly one of split and payee', path: ['payee'] })
  .refine((b) => b.interval_count <= PERIOD_COUNT_MAX[b.interval], { message: 'is too long a period', path: ['interval_count'] })

export const repricePlan = z.strictObject({
  amount: usd.meta({ description: 'What periods cost that begin from now on; those that have begun cost what they did.' }),
})

export const createSubscription = z.strictObject({
  plan: z.string().regex(/^plan_[0-9a-f]{32}$/, 'is not a plan id (plan_...)'),
  subscriber: partyId.optional().meta({
    description: 'The party that pays out of its balance, once it has consented. Absent: whoever has the page of a period pays it.',
  }),
  metadata: metadata.default({}).meta({ description: 'The intent of each period has it too.' }),
})

export const consentToSubscription = z.strictObject({
  amount_max: usd.meta({ description: 'What may be taken in a period at the most.' }),
})

export const cancelSubscription = z.strictObject({
  at: z.enum(['now', 'period_end']).default('now').meta({
    description: 'At once, with the intent that is open; or with the period that it is in, which can still be paid.',
  }),
})

export const plansQuery = listQuery({ status: asked.status(['active', 'inactive']), ...amounts, ...byMetadata })
export const subscriptionsQuery = listQuery({ ...byMetadata })
