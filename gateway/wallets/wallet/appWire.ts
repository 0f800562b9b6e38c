import { z } from 'zod'
import { floorDivCount } from '../../money/integers.ts'

/** More than fit into an onion. */
const RECORDS_MAX = 32

/** Millisatoshi as apps write them: JSON integers. */
const msat = z.int().positive().transform(BigInt)
const seconds = z.int().nonnegative()
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'is not 64 lower-case hex digits')

/** What apps send with each method (NIP-47). Unknown fields are passed over. */
export const payInvoiceParams = z.object({ invoice: z.string().min(20).max(7_089), amount: msat.optional() })
export const payKeysendParams = z.object({
  id: z.string().min(1).max(100).optional(),
  amount: msat,
  pubkey: z.string().regex(/^0[23][0-9a-f]{64}$/, 'is not 66 lower-case hex digits'),
  preimage: z.never({ error: 'the wallet makes it and answers it: leave `preimage` out' }).optional(),
  tlv_records: z
    .array(z.object({ type: z.int().nonnegative(), value: z.string().regex(/^(?:[0-9a-f]{2})*$/, 'is not hex') }))
    .max(RECORDS_MAX)
    .default([]),
})
export const makeInvoiceParams = z.object({
  amount: msat,
  description: z.string().max(600).default(''),
  description_hash: hash.optional(),
  expiry: z.int().min(10).max(86_400).default(3_600),
})
export const lookupInvoiceParams = z.object({ payment_hash: hash.optional(), invoice: z.string().max(7_089).optional() })
export const listTransactionsParams = z.object({
  from: seconds.optional(),
  until: seconds.optional(),
  limit: z.int().min(1).max(50).default(20),
  offset: z.int().min(0).max(10_000).default(0),
  unpaid: z.boolean().default(false),
  type: z.enum(['incoming', 'outgoing']).optional(),
})

/**
 * Millisatoshi as apps and wallets read them: NIP-47 and LNURL know only JSON numbers, which are exact below 2^53. All bitcoin there will ever be is 2.1 *
 * 10^18 msat, which is more, but what one party has here is a small part of it.
 */
export function toMsatNumber(amountMsat: bigint): number {
  return Number(amountMsat) // not money: only what an app or a wallet is shown of it; nothing here reckons with it.
}

/** Seconds as apps read them, of a time in ms. */
export function toSeconds(ms: number): number {
  return floorDivCount(ms, 1_000)
}
