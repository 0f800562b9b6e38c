import { z } from 'zod'
import { amountText } from '../http/amountText.ts'
import { destination, lineOfText, metadata, partyId, railChoice } from '../http/wire.ts'

const amount = z.strictObject({
  asset: z.string().max(100),
  amount: amountText('12.50'),
})
const destinations = z.array(destination).min(1).max(8)

/**
 * Shape of a new exchange. `from` names a Lightning payment that waits until the payout is certain, or the rails of an intent whose payment is final
 * when it is booked and goes back to `refund_to` when the payout fails (to the party's balance when that is empty).
 */
export const createExchange = z.strictObject({
  party: partyId.meta({ description: 'On whose behalf; what can neither be paid out nor paid back stands on its balance.' }),
  from: z.union([
    z.strictObject({ rail: z.literal('lightning') }),
    z.strictObject({ rails: z.array(railChoice).min(1).max(16), refund_to: z.array(destination).max(8).default([]) }),
  ]),
  amount,
  destinations,
  reference: lineOfText(140).default(''),
  description: lineOfText(200).default(''),
  metadata: metadata.default({}),
  expires_in_s: z.int().min(60).max(3_600).default(600),
})
