import type { QuotedBid } from '../../../gateway/client/decision.ts'
import type { Offer } from '../../../gateway/client/offers/offer.ts'
import { type Challenge, readChallenge } from '../../../gateway/client/offers/readChallenge.ts'
import { toPrintable } from '../../../gateway/client/printable.ts'
import { consider, quotedBid } from '../../../gateway/client/quote.ts'
import { openPurse, type Purse } from '../../purse/purse.ts'
import { filled } from '../filled.ts'
import { print } from '../print.ts'
import { askedBy, people } from './amounts.ts'
import { reached } from './pay.ts'
import { refusalText } from './payText.ts'
import { type RequestOptions, requestOf } from './requestOf.ts'

type Payable = Readonly<{ wallet: string; bid: QuotedBid }>
type Inspected = Readonly<{ offer: string; asks: string; payable: readonly Payable[]; why?: string }>

const ASK_MS_MAX = 30_000

/** Says what a URL asks, offer by offer, and pays nothing. 1 when it asks for something that nobody here can pay. */
export async function inspect(url: string, o: RequestOptions & Readonly<{ wallet?: string | undefined }>): Promise<number> {
  const { init } = requestOf(url, o)
  const purse = openPurse(url, { wallet: o.wallet, env: process.env })
  try {
    const response = await reached(url, () => fetch(url, { ...init, signal: AbortSignal.timeout(ASK_MS_MAX) }))
    if (response.status !== 402) {
      await response.body?.cancel()
      print(o, { status: response.status, offers: [], unread: [] }, () => `${response.status}  it asks for no payment`)
      return 0
    }
    const authorizationTaken = new Headers(init.headers).has('authorization')
    const challenge = await readChallenge(response, { url: response.url, authorizationTaken, now: Date.now() })
    const offers = await Promise.all(challenge.offers.map((offer) => inspected(offer, challenge, purse)))
    print(o, toPrintable({ status: 402, offers, unread: challenge.unread }), () =>
      [`402  ${challenge.url}`, ...alike(offers).map(textOf), ...challenge.unread.map(refusalText)].join('\n'),
    )
    return offers.some(({ payable }) => payable.length > 0) ? 0 : 1
  } finally {
    purse.close()
  }
}

async function inspected(offer: Offer, challenge: Challenge, { wallets, tokens }: Purse): Promise<Inspected> {
  const alone = { ...challenge, offers: [offer], unread: [] }
  const each = await Promise.all(wallets.map(async ({ name, wallet }) => ({ name, found: await consider([wallet], alone) })))
  const payable = each.flatMap(({ name, found }) => found.bids.map((bid) => ({ wallet: name, bid: quotedBid(bid) })))
  const { refused } = await consider(
    wallets.map(({ wallet }) => wallet),
    alone,
  )
  const why = refused[0]?.detail
  const asks = askedBy(offer, { tokens, balance: challenge.stated.book })
  return { offer: offer.name, asks, payable, ...(payable.length === 0 && why !== undefined && { why }) }
}

/** Offers of several protocols that ask for the same, by all their names. */
function alike(offers: readonly Inspected[]): Inspected[] {
  const same = new Map<string, Inspected[]>()
  for (const one of offers) {
    const text = textOf({ ...one, offer: '' })
    same.set(text, [...(same.get(text) ?? []), one])
  }
  return [...same.values()].map((all) => ({ ...all[0]!, offer: all.map(({ offer }) => offer).join(', ') }))
}

function textOf({ offer, asks, payable, why }: Inspected): string {
  const by = payable.map(({ wallet, bid }) => filled(`${wallet} can pay it: ${people(bid.cost)}`, ' '.repeat(5)))
  return [
    filled(offer),
    filled(asks, ' '.repeat(5)),
    ...by,
    ...(why === undefined ? [] : [filled(`nobody here can pay it: ${why}`, ' '.repeat(5))]),
  ].join('\n')
}
