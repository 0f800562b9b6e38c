import { z } from 'zod'

/** What others send us of a session over Lightning, and our own words of it, read back. */

const HASH = /^[0-9a-fA-F]{64}$/
const hash = z
  .string()
  .regex(HASH)
  .transform((text) => text.toLowerCase())
/** Longer invoices than this no wallet makes. */
const invoice = z.string().min(1).max(2_048)

/** Payloads of a lightning session (draft-lightning-session-00). */
export const mppDeposit = z.discriminatedUnion('action', [
  z.object({ action: z.literal('open'), preimage: hash, returnInvoice: invoice }),
  z.object({ action: z.enum(['bearer', 'close']), sessionId: hash, preimage: hash }),
  z
    .object({ action: z.literal('topUp'), sessionId: hash, topUpPreimage: hash })
    .transform(({ action, sessionId, topUpPreimage: preimage }) => ({ action, sessionId, preimage })),
])

const satoshi = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/)
  .transform((text) => BigInt(text))

/** The request of our own challenge of a lightning session, read back after its HMAC was checked. */
export const depositRequest = z.object({
  depositAmount: satoshi,
  paymentHash: z.string(),
  externalId: z.string(),
  methodDetails: z.object({ maxPerRequest: satoshi, network: z.string() }),
})
