import { USD } from '../../money/asset.ts'
import { type Money, parseAmount } from '../../money/money.ts'
import type { ReadOffers } from './offer.ts'
import { ourBody } from './shapes.ts'

/** No more than any real sum, to the last place that a dollar has. */
const DOLLARS = /^\d{1,12}(\.\d{1,6})?$/

/** The server's word on what each rail costs in full, in USD. */
export type Stated = Readonly<Partial<Record<string, Money>>>

/**
 * Reads the body of a 402 of ours: what is stated of each rail, whether a balance is taken, and whether it brings an invoice to who asks for one. Prices in
 * other currencies are not believed.
 */
export function readOurs(body: unknown): ReadOffers & Readonly<{ stated: Stated; hasInvoiceByName: boolean }> {
  const parsed = ourBody.safeParse(body)
  const listed = parsed.success ? parsed.data.offers : []
  const stated = Object.fromEntries(
    listed.flatMap(({ rail, price }) => {
      // Before 2026-11-24 a price had its `decimal`.
      const text = `${price.amount ?? price.decimal}`
      return price.asset === USD.id && DOLLARS.test(text) ? [[rail, parseAmount(text, USD)]] : []
    }),
  )
  const balance = { kind: 'balance' as const, name: 'balance', header: 'authorization' }
  const hasInvoiceByName = parsed.success && parsed.data.lightning !== undefined
  return { stated, offers: stated.book ? [balance] : [], unread: [], hasInvoiceByName }
}
