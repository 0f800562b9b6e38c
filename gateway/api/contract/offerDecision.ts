import { z } from 'zod'
import { decimal, idOf, money, time } from './shapes.ts'

const offered = z.strictObject({
  rail: z.string(),
  verdict: z.literal('chosen'),
  why: z.string(),
  rank: z.int(),
  offer: idOf('of'),
  success_ppm: z.string(),
  good_funds_at: time.meta({ description: 'When the money is good funds if it is paid at once, on the rail’s own calendar.' }),
  terms: z.record(z.string(), decimal).meta({ description: 'Each term in USD; those that are nothing are left out.' }),
  expected_cost_usd: decimal,
  dearer_by_usd: decimal,
})
const refused = z.strictObject({
  rail: z.string(),
  verdict: z.literal('impossible'),
  why: z.string(),
  reason: z.string(),
  detail: z.string(),
})
const realised = z.strictObject({
  rail: z.string(),
  at: time,
  received: money,
  received_usd: decimal.optional().meta({ description: 'At the rate that it was asked for at.' }),
  rank: z.int().optional(),
  expected_cost_usd: decimal.optional(),
  dearer_by_usd: decimal.optional().meta({ description: 'Than what was offered first.' }),
})

/** Why an intent offers the rails that it does, in their order. */
export const offerDecision = z
  .strictObject({
    object: z.literal('offer_decision'),
    id: idOf('dec'),
    payment_intent_id: idOf('pi'),
    at: time,
    amount: money,
    worth_usd: decimal,
    candidates: z.array(z.discriminatedUnion('verdict', [offered, refused])),
    order: z.array(z.int()),
    would_change_if: z
      .strictObject({ term: z.string(), now_usd: decimal, must_rise_by_usd: decimal, in_favour_of: z.int(), why: z.string() })
      .optional(),
    rates: z.array(z.record(z.string(), z.unknown())),
    realised: realised.optional().meta({ description: 'Once it is paid: by what, and what that was expected to cost.' }),
  })
  .meta({ id: 'OfferDecision', description: 'Why an intent offers the rails that it does, in their order: each with its cost in full.' })
