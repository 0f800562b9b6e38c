import type { Challenge } from './readChallenge.ts'
import type { Consideration, Wallet } from './wallet.ts'

/**
 * Pays from a balance held at a gateway. The key is a secret of that gateway, so it is sent to these origins and to no other server, whatever its 402
 * says.
 */
export function bookWallet(o: { apiKey: string; origins: readonly string[] }): Wallet {
  const origins = new Set(o.origins.map((origin) => new URL(origin).origin))
  async function consider(challenge: Challenge): Promise<Consideration> {
    const price = challenge.stated.book
    if (!price) return { bids: [], refused: 'the 402 takes no balance' }
    if (!origins.has(challenge.origin)) return { bids: [], refused: `${challenge.origin} is not a gateway of this balance` }
    if (challenge.authorizationTaken) return { bids: [], refused: 'the request has an Authorization of its own' }
    const pay = async ({ idempotencyKey }: { idempotencyKey: string }) => ({
      kind: 'paid' as const,
      credential: {
        headers: [
          ['authorization', `Bearer ${o.apiKey}`],
          ['idempotency-key', idempotencyKey],
        ] as const,
      },
    })
    return { bids: [{ rail: 'book', cost: price, amount: price, payee: challenge.origin, pay }] }
  }
  return { rail: 'book', consider }
}
