import * as z from 'zod/mini'
import { fromBase64Json } from './offers/bytes.ts'

const record = z.record(z.string(), z.unknown())

/** `SettlementResponse` of x402 v2, section 5.3; what version 1 says is read as well. */
const paymentResponse = z.looseObject({
  success: z.boolean(),
  transaction: z.string(),
  network: z.string(),
  payer: z.optional(z.string()),
  amount: z.optional(z.string()),
  errorReason: z.optional(z.string()),
  errorMessage: z.optional(z.string()),
  extensions: z.optional(record),
  extra: z.optional(record),
})
/** The receipt of draft-httpauth-payment, section 5.3. A failure has no receipt, so it says success or nothing. */
const paymentReceipt = z.looseObject({
  status: z.literal('success'),
  method: z.string().check(z.minLength(1)),
  timestamp: z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/)),
  reference: z.string(),
  externalId: z.optional(z.string()),
})

/** What a server says of a payment by x402. Its word, and no proof. */
type SaidByX402 = z.infer<typeof paymentResponse>
/** What a server says of a payment by MPP. Its word, and no proof. */
type SaidByMpp = z.infer<typeof paymentReceipt>

/** Reads the value of PAYMENT-RESPONSE; undefined when it is none. */
export function readPaymentResponse(value: string): SaidByX402 | undefined {
  return paymentResponse.safeParse(fromBase64Json(value)).data
}

/** Reads the value of Payment-Receipt; undefined when it is none. */
export function readPaymentReceipt(value: string): SaidByMpp | undefined {
  return paymentReceipt.safeParse(fromBase64Json(value)).data
}
