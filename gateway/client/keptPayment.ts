import * as z from 'zod/mini'
import type { RailName } from '../ports/railName.ts'
import type { Kept, PaidBid } from './wallet.ts'

/**
 * A payment that was made, or may have been, for a request that was not answered. `id` is also that of what the budget set aside for it. `url` asked for it,
 * and the proof goes nowhere else.
 */
export type OpenPayment = Readonly<{ id: string; key: string; url: string; bid: PaidBid; kept: Kept }>

const asset = z.object({ id: z.string(), code: z.string(), scale: z.int(), ledger: z.int() })
const units = z.pipe(
  z.string().check(z.regex(/^[0-9]{1,78}$/)),
  z.transform((text) => BigInt(text)),
)
const amount = z.object({ asset, units })
const proof = z.union([
  z.object({ protocol: z.literal('l402'), token: z.string() }),
  z.object({ protocol: z.literal('mpp'), header: z.string(), challenge: z.record(z.string(), z.string()) }),
])
const kept = z.union([
  z.object({ kind: z.literal('signed'), header: z.tuple([z.string(), z.string()]), proof: z.string(), validBefore: z.int() }),
  z.object({ kind: z.literal('invoice'), invoice: z.string(), proof, preimage: z.optional(z.string()) }),
  z.object({ kind: z.literal('balance'), origin: z.string(), idempotencyKey: z.string() }),
])
const rail = z.pipe(
  z.string(),
  z.transform((text) => text as RailName), // Written from one.
)
const bid = z.object({ offer: z.string(), rail, cost: amount, amount, payee: z.string(), most: z.optional(z.literal(true)) })
const form = z.array(z.object({ id: z.string(), key: z.string(), url: z.string(), bid, kept }))

/** Reads what was stored; undefined when it is no list of payments. */
export function readOpen(text: string): readonly OpenPayment[] | undefined {
  try {
    const read = form.safeParse(JSON.parse(text))
    return read.success ? read.data : undefined
  } catch {
    // Not JSON: something else stands under the key, which the caller says.
    return undefined
  }
}

export function writeOpen(payments: readonly OpenPayment[]): string {
  return JSON.stringify(payments, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
}
