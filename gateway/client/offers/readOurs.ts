import { USD } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import type { ReadOffers } from './offer.ts'
import { ourBody } from './shapes.ts'

/** The server's word on what each rail costs in full, in USD. */
export type Stated = Readonly<Partial<Record<string, Money>>>

/**
 * Reads the body of a 402 of ours: what is stated of each rail, whether a balance is taken, and whether it brings an invoice to who asks for one. Prices in
 * other currencies are not believed.
 */
export function readOurs(body: unknown): ReadOffers & Readonly<{ stated: Stated; hasInvoiceByName: boolean }> {
  const parsed = ourBody.safeParse(body)
  const listed = parsed.success ? parsed.data.offers.filter(({ price }) => price.asset === USD.id) : []
  const stated = Object.fromEntries(listed.map(({ rail, price }) => [rail, money(USD, BigInt(price.units))]))
  const balance = { kind: 'balance' as const, name: 'balance', header: 'authorization' }
  const hasInvoiceByName = parsed.success && parsed.data.lightning !== undefined
  return { stated, offers: stated.book ? [balance] : [], unread: [], hasInvoiceByName }
}
