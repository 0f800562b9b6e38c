import { GatewayError } from '../errors/gatewayError.ts'
import { createInTurn } from '../ledger/process/inTurn.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { createUnderWay } from '../ledger/process/underWay.ts'
import type { Money } from '../money/money.ts'
import type { Along } from '../parties/party/parties.ts'
import type { Splits } from '../parties/party/splits.ts'
import { unitsData } from '../payins/intent/intentData.ts'
import type { Intents } from '../payins/intent/intents.ts'
import { payeeOfRef } from '../payins/intent/payeeOfRef.ts'
import type { Books } from '../ports/books.ts'
import type { Clock, IdSource } from '../ports/clock.ts'
import { type LinkData, type LinkFact, toLinkFact } from './facts.ts'
import { createHolders, paidOf } from './holders.ts'
import { type LinkStatus, type PaymentLink, priceFor, statusOf } from './link.ts'
import type { LinkRecords } from './linkRecords.ts'

/** Links of one payee that may be paid by. */
const ACTIVE_MAX = 10_000
/** Payments by one link that were begun and have no end: more wait until some of them do. */
const OPEN_MAX = 1_000
/** Who wait for their turn at one link that has few uses. */
const WAITING_MAX = 100
/** Another process of this gateway may be quicker, so often. */
const TRIES_MAX = 5
const RETRY_AFTER_S = 5

export type NewLink = Omit<PaymentLink, 'id' | 'active' | 'createdAt' | 'createdBy' | 'made' | 'open' | 'paid'>
export type LinkParts = Readonly<{
  books: Books
  clock: Clock
  ids: IdSource
  intents: Pick<Intents, 'create' | 'get'>
  splits: Pick<Splits, 'get' | 'house'>
  records: LinkRecords
}>
/** `visit`: the name of one look at the page, so that a form sent twice is one payment; `from`: the address that it comes from. */
type Visit = Readonly<{ visit: string; chosen: Money | undefined; from: string }>
type Holders = ReturnType<typeof createHolders>

export type PaymentLinks = ReturnType<typeof createPaymentLinks>

/** Links that make intents. `records` must have been made before the books started. */
export function createPaymentLinks(o: LinkParts) {
  const { books, clock, records } = o
  const inTurn = createInTurn()
  const holders = createHolders({ clock, isPaid: paidOf(o.intents) })
  const making = createUnderWay()
  /** By link. */
  const waiting = new Map<string, number>()

  function get(id: string): PaymentLink {
    const link = records.get(id)
    if (!link) throw new GatewayError('not_found', `There is no payment link ${id.slice(0, 60)}`)
    return link
  }

  function requireFewActive(payee: string): void {
    if (records.activeOf(payee, clock.now()) + making.of(payee) >= ACTIVE_MAX)
      throw new GatewayError('too_many_active', `${payee} has ${ACTIVE_MAX} active payment links`)
  }

  /** One after the other: each sees what the one before has taken. */
  async function queued(id: string, work: () => Promise<string>): Promise<string> {
    const before = waiting.get(id) ?? 0
    if (before >= WAITING_MAX) throw tooMany()
    waiting.set(id, before + 1)
    try {
      return await inTurn(id, work)
    } finally {
      const left = waiting.get(id)! - 1
      if (left === 0) waiting.delete(id)
      else waiting.set(id, left)
    }
  }

  return {
    get,
    statusOf: (link: PaymentLink): LinkStatus => statusOf(link, clock.now()),
    async create(fresh: NewLink, { by, along }: Readonly<{ by: string; along: Along<PaymentLink> }>): Promise<void> {
      requireFewActive(fresh.payee.id)
      const [id, at] = [o.ids.link(), clock.now()]
      const link: PaymentLink = { ...fresh, id, active: true, createdBy: by, createdAt: at, made: 0, open: 0, paid: 0 }
      const { claims, facts } = along(link)
      const created = toLinkFact({ type: 'payment_link.created', id, at, data: dataOf(link) })
      await making.during([fresh.payee.id], () => submitUntilKnown(books, { claims, facts: [created, ...facts] }))
    },
    /** Lets it be paid by, or not any more; who has begun to pay may go on. The same again changes nothing. Throws `too_many_active`. */
    async setActive(id: string, active: boolean, { by, along }: Readonly<{ by: string; along: Along<PaymentLink> }>): Promise<void> {
      // One after the other, so that each change is one.
      await inTurn(`active ${id}`, async () => {
        const link = get(id)
        const isMore = active && !link.active
        if (isMore) requireFewActive(link.payee.id)
        const { claims, facts } = along({ ...link, active })
        const type: LinkFact['type'] = active ? 'payment_link.activated' : 'payment_link.deactivated'
        const change = link.active === active ? [] : [toLinkFact({ type, id: link.id, at: clock.now(), data: { by } })]
        const counted = isMore ? [link.payee.id] : []
        await making.during(counted, () => submitUntilKnown(books, { claims, facts: [...change, ...facts] }))
      })
    },
    /** The intent of a visit, made now unless it was before. Throws `payment_link_closed`, `rate_limited`, `invalid_amount` and an intent's. */
    async begin(id: string, visit: Visit): Promise<string> {
      const link = get(id)
      const begun = books.claim(visitKey(link, visit))?.fingerprint
      if (begun !== undefined) return begun
      if (link.usesMax !== undefined) return queued(link.id, () => takeOne(o, link.id, { get, holders, visit }))
      if (link.open + making.of(link.id) >= OPEN_MAX) throw tooMany()
      return making.during([link.id], () => take(o, link, visit))
    },
  }
}

/** Of few uses each is taken by one intent, by its number: of two processes at once only one takes it, and the other looks again. */
async function takeOne(
  o: LinkParts,
  id: string,
  { get, holders, visit }: Readonly<{ get: (id: string) => PaymentLink; holders: Holders; visit: Visit }>,
): Promise<string> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const link = get(id)
    const few = { id: link.id, payWithinS: link.payWithinS, usesMax: link.usesMax ?? 0 }
    const taken = await take(o, link, visit, () => holders.requireTurn(few, visit.from))
    if (taken !== '') holders.held(few, visit.from, taken)
    if (taken !== '') return taken
  }
  throw tooMany()
}

/** The id of the visit's intent; '' when somebody else was quicker. `mayHold` refuses who may not hold a use that is free. */
async function take(
  { books, clock, intents, splits }: LinkParts,
  link: PaymentLink,
  visit: Visit,
  mayHold: () => void = () => undefined,
): Promise<string> {
  const key = visitKey(link, visit)
  const begun = books.claim(key)?.fingerprint
  if (begun !== undefined) return begun
  requireOpen(link, statusOf(link, clock.now()))
  mayHold()
  const { id, payee, about, metadata, payWithinS: expiresInS } = link
  const number = link.usesMax === undefined ? [] : [`payment_link:${id}:intent:${link.made}`]
  await intents.create({
    amount: priceFor(link, visit.chosen),
    payee: await payeeOfRef(splits, payee),
    origin: id,
    createdBy: link.createdBy,
    about,
    metadata,
    description: about.description ?? '',
    expiresInS,
    along: ({ intent }) => ({ claims: [key, ...number].map((name) => ({ key: name, fingerprint: intent.id })), facts: [] }),
  })
  return books.claim(key)?.fingerprint ?? ''
}

function requireOpen({ id, open, payWithinS }: PaymentLink, status: LinkStatus): void {
  if (status !== 'active')
    throw new GatewayError('payment_link_closed', SAID[status], { meta: { link: id, status, pay_within_s: payWithinS } })
  if (open >= OPEN_MAX) throw tooMany()
}

const SAID: Readonly<Record<Exclude<LinkStatus, 'active'>, string>> = {
  inactive: 'The seller has closed this payment link',
  expired: 'The time of this payment link is over',
  used_up: 'This payment link was paid as often as it may be',
  held: 'What is left of this payment link is being paid by others; it is free again if they do not pay in their time',
}

function visitKey({ id }: PaymentLink, { visit }: Visit): string {
  return `payment_link:${id}:visit:${visit}`
}

function dataOf({ payee, price, about, metadata, payWithinS, usesMax, expiresAt, createdBy: by }: PaymentLink): LinkData {
  const amounts =
    price.kind === 'fixed' ? { amount: unitsData(price.amount) } : { least: unitsData(price.least), most: unitsData(price.most) }
  const ends = { ...(usesMax === undefined ? {} : { usesMax }), ...(expiresAt === undefined ? {} : { expiresAt }) }
  return { payee, ...amounts, about, metadata, payWithinS, ...ends, by }
}

function tooMany(): GatewayError {
  return new GatewayError('too_busy', 'Too many people pay by this link at the moment', { meta: { retry_after_s: RETRY_AFTER_S } })
}
