import { type AuthChallenge, authChallenges } from './authChallenges.ts'
import { boundedText } from './boundedText.ts'
import { fromJson } from './bytes.ts'
import type { Offer, Refusal } from './offer.ts'
import { readL402 } from './readL402.ts'
import { readMpp } from './readMpp.ts'
import { readOurs, type Stated } from './readOurs.ts'
import { readX402 } from './readX402.ts'

/**
 * What a 402 asks. `offers` are those that a wallet can weigh, `unread` the others; `stated` is the server's word on what each rail costs. `hasInvoiceByName`:
 * it brings an invoice to who asks for one.
 */
export type Challenge = Readonly<{
  url: string
  origin: string
  stated: Stated
  offers: readonly Offer[]
  unread: readonly Refusal[]
  hasInvoiceByName?: boolean
}>

/** `now` in ms. `authorizationTaken`: the request carries its own Authorization, so that header is not free for a proof. */
type Context = Readonly<{ url: string; authorizationTaken: boolean; now: number }>

/** Reads a 402 in every protocol at once: x402 v2 and v1, L402, MPP and a balance of ours. The response stays readable. */
export async function readChallenge(response: Response, { url, authorizationTaken, now }: Context): Promise<Challenge> {
  const body = fromJson((await boundedText(response.clone())) ?? '')
  const challenges = authChallenges(response.headers.get('www-authenticate') ?? '')
  const ours = readOurs(body)
  const parts = [readX402(response.headers.get('payment-required'), body), readL402(challenges), readMpp(challenges, now), ours]
  const offers = parts.flatMap((part) => part.offers)
  const isTaken = ({ header }: Offer) => authorizationTaken && header === 'authorization'
  const taken = offers.filter(isTaken).map(({ name }): Refusal => {
    return { offer: name, reason: 'header_taken', detail: 'the request has an Authorization of its own, where the proof would go' }
  })
  const unread = [...parts.flatMap((part) => part.unread), ...taken]
  const free = offers.filter((offer) => !isTaken(offer))
  const { origin } = new URL(url)
  const { stated, hasInvoiceByName } = ours
  return { url, origin, stated, offers: free, unread: offers.length + unread.length > 0 ? unread : silent(challenges), hasInvoiceByName }
}

/** A 402 that asks in no way that is known here, which may be no price at all: some servers mean a spent quota by it. */
function silent(challenges: readonly AuthChallenge[]): Refusal[] {
  if (challenges.length > 0) {
    return challenges.map(({ scheme }) => ({ offer: scheme, reason: 'unknown_scheme', detail: `${scheme.slice(0, 40)} is no way to pay` }))
  }
  const detail =
    'it has no PAYMENT-REQUIRED, no WWW-Authenticate of Payment or L402 and no body of x402: the server may mean something else by 402'
  return [{ offer: 'the 402', reason: 'unknown_scheme', detail }]
}
