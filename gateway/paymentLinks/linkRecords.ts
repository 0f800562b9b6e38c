import { invariant } from '../errors/invariant.ts'
import { createDueIndex } from '../ledger/process/dueIndex.ts'
import { type Records, recordsOf } from '../ledger/process/recordsOf.ts'
import { type AssetOf, readUnits } from '../payins/intent/intentData.ts'
import type { Books } from '../ports/books.ts'
import { type IntentNews, type LinkData, type LinkFact, readIntentNews, readLinkFact } from './facts.ts'
import type { LinkPrice, PaymentLink } from './link.ts'

type Heard = Readonly<{ kind: 'link'; fact: LinkFact }> | Readonly<{ kind: 'intent'; news: IntentNews }>

/** `activeOf`: how many links of a payee may be paid by at this time (ms). */
export type LinkRecords = Records<PaymentLink> & Readonly<{ activeOf(payee: string, now: number): number }>
/** A link that counts until then. */
type Ending = Readonly<{ payee: string; at: number }>

/** Links that are found over at one look; those that are left count for one look more. */
const OVER_AT_ONCE_MAX = 1_000

/** All links as the journal's facts make them, with what became of their intents. Make it before the books start. */
export function createLinkRecords(
  books: Pick<Books, 'archive' | 'remember'>,
  assetOf: AssetOf,
  o: { endedKept?: number } = {},
): LinkRecords {
  /** The link of each intent that may still be paid. */
  const openIntents = new Map<string, string>()
  /** How many links of a payee are open and not used up, whatever the time is. */
  const active = new Map<string, number>()
  /** Of these, those that a time ends. */
  const ending = new Map<string, Ending>()
  const over = overLinks(ending)

  function count({ id, payee, expiresAt: at }: PaymentLink, by: number): void {
    if (by === 0) return
    const now = (active.get(payee.id) ?? 0) + by
    if (now === 0) active.delete(payee.id)
    else active.set(payee.id, now)
    if (at === undefined) return
    const before = ending.get(id)
    if (by > 0) ending.set(id, { payee: payee.id, at })
    else ending.delete(id)
    over.changed(id, before)
  }

  const links = recordsOf<PaymentLink, Heard>({
    books,
    name: 'paymentLink.store',
    form: 2,
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
      tables: { openIntents, active, ending },
      apply(heard, link) {
        if (heard.kind === 'intent' && heard.news.type === 'made') openIntents.set(heard.news.intent, link.id)
        else if (heard.kind === 'intent') openIntents.delete(heard.news.intent)
        count(link, changeOf(heard, link))
      },
      derive: over.derive,
    },
  })
  return { ...links, activeOf: (payee, now) => (active.get(payee) ?? 0) - over.of(payee, now) }
}

/** How this fact changes how many links count, of which this is one as the fact has made it. */
function changeOf(heard: Heard, { active, usesMax, paid }: PaymentLink): -1 | 0 | 1 {
  if (heard.kind === 'intent') return heard.news.type === 'paid' && active && paid === usesMax ? -1 : 0
  if (usesMax !== undefined && paid >= usesMax) return 0
  return active ? 1 : -1
}

/** How many of the links that count are over by their time. It follows from `ending` and the time, and each is found over once. */
function overLinks(ending: ReadonlyMap<string, Ending>) {
  let due = createDueIndex()
  const isOver = new Set<string>()
  const counts = new Map<string, number>()

  function add(payee: string, by: number): void {
    const now = (counts.get(payee) ?? 0) + by
    if (now === 0) counts.delete(payee)
    else counts.set(payee, now)
  }

  return {
    changed(id: string, before: Ending | undefined): void {
      if (isOver.delete(id) && before) add(before.payee, -1)
      due.set(id, ending.get(id)?.at)
    },
    of(payee: string, now: number): number {
      for (const id of due.take(now, OVER_AT_ONCE_MAX)) {
        isOver.add(id)
        add(ending.get(id)!.payee, 1)
      }
      return counts.get(payee) ?? 0
    },
    derive(): void {
      due = createDueIndex()
      isOver.clear()
      counts.clear()
      for (const [id, { at }] of ending) due.set(id, at)
    },
  }
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
