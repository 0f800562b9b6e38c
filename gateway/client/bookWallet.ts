import { USD } from '../money/asset.ts'
import { money } from '../money/money.ts'
import type { Offer } from './offers/offer.ts'
import type { Challenge } from './offers/readChallenge.ts'
import type { Bid, Paying, PayResult, Unfit, Wallet } from './wallet.ts'

/**
 * Pays from a balance held at a gateway. The key is a secret of that gateway, so it is sent to these origins and to no other server, whatever its 402
 * says.
 */
export function bookWallet(o: { apiKey: string; origins: readonly string[] }): Wallet {
  const origins = new Set(o.origins.map((origin) => new URL(origin).origin))
  const paid = (origin: string, idempotencyKey: string): PayResult => ({
    kind: 'paid',
    proof: idempotencyKey,
    credential: {
      origin,
      headers: [
        ['authorization', `Bearer ${o.apiKey}`],
        ['idempotency-key', idempotencyKey],
      ],
    },
  })
  async function consider(offer: Offer, { origin, stated }: Challenge): Promise<Bid | Unfit | undefined> {
    const price = stated.book
    if (offer.kind !== 'balance' || !price) return undefined
    if (!origins.has(origin)) {
      return { reason: 'not_your_gateway', detail: `${origin} is not a gateway of this balance: add it to \`origins\` if it is` }
    }
    const pay = async ({ idempotencyKey, keep }: Paying) => {
      await keep({ kind: 'balance', origin, idempotencyKey })
      return paid(origin, idempotencyKey)
    }
    return { offer: offer.name, rail: 'book', cost: price, fee: money(USD, 0n), amount: price, payee: origin, pay }
  }
  return {
    speaks: [],
    consider,
    resume: (kept) => (kept.kind === 'balance' && origins.has(kept.origin) ? paid(kept.origin, kept.idempotencyKey) : undefined),
  }
}
