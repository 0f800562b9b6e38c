import { invariant } from '../errors/invariant.ts'
import { type Records, recordsOf } from '../ledger/process/recordsOf.ts'
import { type AssetOf, readUnits } from '../payins/intent/intentData.ts'
import type { Books } from '../ports/books.ts'
import { type IntentNews, type LinkData, type LinkFact, readIntentNews, readLinkFact } from './facts.ts'
import type { LinkPrice, PaymentLink } from './link.ts'

type Heard = Readonly<{ kind: 'link'; fact: LinkFact }> | Readonly<{ kind: 'intent'; news: IntentNews }>

export type LinkRecords = Records<PaymentLink> & Readonly<{ activeOf(payee: string): number }>

/** All links as the journal's facts make them, with what became of their intents. Make it before the books start. */
export function createLinkRecords(
  books: Pick<Books, 'archive' | 'remember'>,
  assetOf: AssetOf,
  o: { endedKept?: number } = {},
): LinkRecords {
  /** The link of each intent that may still be paid. */
  const openIntents = new Map<string, string>()
  /** How many links of a payee are active. */
  const active = new Map<string, number>()
  const count = (payee: string, by: number) => active.set(payee, (active.get(payee) ?? 0) + by)

  const links = recordsOf<PaymentLink, Heard>({
    books,
    name: 'paymentLink.store',
    form: 1,
    endedKept: o.endedKept,
    read(fact) {
      const own = readLinkFact(fact)
      if (own) return { kind: 'link', fact: own }
      const news = readIntentNews(fact)
      return news && (news.type === 'made' || openIntents.has(news.intent)) ? { kind: 'intent', news } : undefined
    },
    idOf: (heard) => {
      if (heard.kind === 'link') return heard.fact.id
      return heard.news.type === 'made' ? heard.news.origin : openIntents.get(heard.news.intent)
    },
    evolve: (link, heard) => (heard.kind === 'link' ? changed(link, heard.fact, assetOf) : counted(link, heard.news)),
    // A link that may be paid by, or that somebody is paying by.
    isOpen: ({ active: on, usesMax, paid, open }) => open > 0 || (on && (usesMax === undefined || paid < usesMax)),
    beside: {
      tables: { openIntents, active },
      apply(heard, { id, payee }) {
        if (heard.kind === 'intent' && heard.news.type === 'made') openIntents.set(heard.news.intent, id)
        else if (heard.kind === 'intent') openIntents.delete(heard.news.intent)
        else count(payee.id, heard.fact.type === 'payment_link.deactivated' ? -1 : 1)
      },
    },
  })
  return { ...links, activeOf: (payee) => active.get(payee) ?? 0 }
}

function changed(link: PaymentLink | undefined, fact: LinkFact, assetOf: AssetOf): PaymentLink {
  if (fact.type === 'payment_link.created') {
    invariant(!link, `${fact.id} was created once`)
    return linkOf(fact, assetOf)
  }
  invariant(link, `${fact.id} was created before it was changed`)
  const active = fact.type === 'payment_link.activated'
  invariant(link.active !== active, `${fact.id} is changed to what it was not`)
  return { ...link, active }
}

function counted(link: PaymentLink | undefined, news: IntentNews): PaymentLink {
  invariant(link, `the payment link of ${news.intent} was created before it`)
  if (news.type === 'made') return { ...link, made: link.made + 1, open: link.open + 1 }
  return { ...link, open: link.open - 1, paid: link.paid + (news.type === 'paid' ? 1 : 0) }
}

function linkOf({ id, at, data }: LinkFact & { type: 'payment_link.created' }, assetOf: AssetOf): PaymentLink {
  const { payee, about, metadata, payWithinS, usesMax, expiresAt, by } = data
  const counts = { made: 0, open: 0, paid: 0 }
  const price = priceOf(data, assetOf)
  return { id, payee, price, about, metadata, payWithinS, usesMax, expiresAt, active: true, createdBy: by, createdAt: at, ...counts }
}

function priceOf({ amount, least, most }: LinkData, assetOf: AssetOf): LinkPrice {
  if (amount) return { kind: 'fixed', amount: readUnits(amount, assetOf) }
  invariant(least && most, 'a link has an amount, or two to choose between')
  return { kind: 'chosen', least: readUnits(least, assetOf), most: readUnits(most, assetOf) }
}
