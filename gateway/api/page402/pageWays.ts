import type { Asset } from '../../money/asset.ts'
import { type Money, parseAmount } from '../../money/money.ts'
import type { Challenge } from '../../payins/challenge/buildChallenge.ts'
import type { RailName } from '../../ports/railName.ts'

/** A way that a browser can pay by itself: a wallet's signature on a chain, with what goes back in the payment, or an invoice with the token that it opens. */
export type PageWay =
  | Readonly<{ kind: 'chain'; amount: Money; chainId: number; accepted: unknown; resource: unknown }>
  | Readonly<{ kind: 'lightning'; amount: Money; invoice: string; token: string }>

type Entry = Readonly<{ scheme: string; network: string; amount: string; asset: string; extra: Readonly<{ assetTransferMethod?: string }> }>
type Offer = Challenge['body']['offers'][number]
type AssetOf = (rail: RailName) => Asset | undefined

/**
 * The ways in a challenge of ours, in the order of its body: of x402 the exact transfers by EIP-3009, and the invoice of L402. A pass is none: its invoice is
 * of another price, for whoever keeps the token.
 */
export function pageWays({ headers, body }: Challenge, assetOf: AssetOf): PageWay[] {
  const required = headers.find(([name]) => name === 'payment-required')?.[1]
  const { accepts, resource } = required ? readRequired(required) : { accepts: [], resource: undefined }
  const l402 = headers.map(([, value]) => /^L402 macaroon="([^"]+)", invoice="([^"]+)"$/.exec(value)).find((match) => match !== null)
  return body.offers.flatMap((offer): PageWay[] => {
    const asset = assetOf(offer.rail)
    if (!asset) return []
    const amount = parseAmount(offer.amount.amount, asset)
    if (offer.rail === 'lightning') {
      return l402 && !offer.pass ? [{ kind: 'lightning', amount, token: l402[1]!, invoice: l402[2]! }] : []
    }
    const accepted = accepts.find((entry) => isExact(entry) && isOf(entry, { offer, amount }))
    if (!accepted) return []
    return [{ kind: 'chain', amount, chainId: Number.parseInt(accepted.network.slice('eip155:'.length), 10), accepted, resource }]
  })
}

function isExact({ scheme, extra }: Entry): boolean {
  return scheme === 'exact' && extra.assetTransferMethod === undefined
}

function isOf({ network, amount: units, asset }: Entry, { offer, amount }: Readonly<{ offer: Offer; amount: Money }>): boolean {
  return network === offer.network && units === amount.units.toString() && asset === offer.token?.toLowerCase()
}

/** Written by `paymentRequired.ts` a moment before. */
function readRequired(header: string): Readonly<{ accepts: readonly Entry[]; resource: unknown }> {
  return JSON.parse(Buffer.from(header, 'base64').toString('utf8')) as { accepts: readonly Entry[]; resource: unknown }
}
