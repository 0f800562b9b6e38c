import type { AuthChallenge } from './authChallenges.ts'
import type { InvoiceOffer, ReadOffers } from './offer.ts'

/** Reads the L402 challenges, or LSAT as they were called; `token` is the newer name of `macaroon`. A server that sends both means one. */
export function readL402(challenges: readonly AuthChallenge[]): ReadOffers {
  const ours = challenges.filter(({ scheme }) => scheme === 'l402' || scheme === 'lsat')
  const offers = ours.flatMap(({ params }): InvoiceOffer[] => {
    const token = params.get('macaroon') ?? params.get('token')
    const invoice = params.get('invoice')
    if (!token || !invoice) return []
    return [{ kind: 'invoice', name: 'l402', header: 'authorization', invoice, proof: { protocol: 'l402', token } }]
  })
  if (offers.length > 0) return { offers: offers.slice(0, 1), unread: [] }
  const detail = 'the L402 challenge has no macaroon or no invoice'
  return { offers, unread: ours.slice(0, 1).map(() => ({ offer: 'l402', reason: 'malformed', detail })) }
}
