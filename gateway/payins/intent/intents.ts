import { createHash } from 'node:crypto'
import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Asset } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Along } from '../../parties/party/parties.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { Hex, IntentId } from '../../ports/ids.ts'
import type { RailKind, RailName } from '../../ports/railName.ts'
import type { RateSource } from '../../ports/rates.ts'
import type { MakeOffers, OfferRefusal, PricedOffer } from '../offer/makeOffers.ts'
import { closingKey, type Intent, type IntentOffer } from './intent.ts'
import { createdData, type IntentRecords } from './intentRecords.ts'

/** 32 bytes that name a thing to a rail: the SHA-256 of its id. */
export function refOf(id: string): Hex {
  return `0x${createHash('sha256').update(id).digest('hex')}`
}

export type CreateIntent = Readonly<{
  amount: Money
  payee: Payee
  metadata: Readonly<Record<string, string>>
  expiresInS: number
  description: string
  rails?: readonly (RailName | RailKind)[] | undefined
  along?: Along<{ intent: Intent; refusals: readonly OfferRefusal[] }>
}>

export type Intents = ReturnType<typeof createIntents>

/** At most this many intents are expired in one sweep, so that a sweep never holds the process. */
const EXPIRE_AT_ONCE_MAX = 500
const EXPIRE_EVERY_MS = 1_000

/** Creates, cancels and expires intents. Settling them is `payins/settlement`'s, through the same closing claim. */
export function createIntents(o: {
  books: Books
  view: IntentRecords
  makeOffers: MakeOffers
  rates: RateSource
  clock: Clock
  ids: IdSource
  /** USD, and the asset that balances are held in. */
  usd: Asset
  bookAsset: Asset
}) {
  let timer: NodeJS.Timeout | undefined

  function toOffer(priced: PricedOffer): IntentOffer {
    const { terms, fullPrice, railCost } = priced
    const id = o.ids.offer()
    return {
      id,
      rail: terms.rail,
      amount: terms.amount,
      fullPrice,
      railCost,
      expiresAt: terms.expiresAt,
      reference: terms.reference,
      wire: terms.wire,
    }
  }

  function bookOffer(intent: { id: IntentId; amount: Money; credit: Money; expiresAt: number }): IntentOffer {
    const free = money(o.usd, 0n)
    const common = {
      amount: intent.credit,
      fullPrice: intent.amount,
      railCost: free,
      expiresAt: intent.expiresAt,
      reference: `book:${intent.id}`,
    }
    return { id: o.ids.offer(), rail: 'book', ...common, wire: { kind: 'book' } }
  }

  async function create(command: CreateIntent): Promise<{ intent: Intent; refusals: readonly OfferRefusal[] }> {
    const id = o.ids.intent()
    const createdAt = o.clock.now()
    const expiresAt = createdAt + command.expiresInS * 1000
    const credit = convert(command.amount, o.rates.rate(o.usd, o.bookAsset), 'up')
    const request = {
      price: command.amount,
      ref: refOf(id),
      splitId: command.payee.split.splitId,
      expiresAt,
      description: command.description,
      rails: command.rails,
    }
    const { offers: priced, refusals } = await o.makeOffers(request)
    const offers = priced.map(toOffer)
    if (!command.rails || command.rails.includes('book')) offers.push(bookOffer({ id, amount: command.amount, credit, expiresAt }))
    offers.sort(cheaperFirst)
    if (offers.length === 0) throw new GatewayError('no_rail', 'No rail can serve this amount', { meta: { candidates: refusals } })
    const payee =
      command.payee.kind === 'party'
        ? { kind: 'party' as const, id: command.payee.party }
        : { kind: 'split' as const, id: command.payee.split.key }
    const intent: Intent = {
      ...{ id, amount: command.amount, credit, payee, metadata: command.metadata, status: 'open', exception: 'none' },
      ...{ createdAt, expiresAt, offers, paid: undefined, surplus: [] },
    }
    const along = command.along?.({ intent, refusals })
    const fact = { type: 'intent.created', id, at: createdAt, data: createdData(intent) }
    await submitUntilKnown(o.books, { claims: along?.claims ?? [], facts: [fact, ...(along?.facts ?? [])] })
    return { intent, refusals }
  }

  /** Ends an open intent. The closing claim decides a race with a settlement: whoever is durable first. */
  async function close(intent: Intent, how: 'canceled' | 'expired', along?: ReturnType<Along<Intent>>): Promise<Intent> {
    const claims = [{ key: closingKey(intent.id), fingerprint: how }, ...(along?.claims ?? [])]
    const facts = [{ type: `intent.${how}`, id: intent.id, at: o.clock.now(), data: {} }, ...(along?.facts ?? [])]
    const outcome = await submitUntilKnown(o.books, { claims, facts })
    if (outcome.kind === 'conflict')
      throw new GatewayError('intent_closed', `The intent is ${get(intent.id).status} already`, { meta: { intent: intent.id } })
    return get(intent.id)
  }

  function get(id: string): Intent {
    const intent = o.view.get(id)
    if (!intent) throw new GatewayError('not_found', `There is no payment intent ${id.slice(0, 60)}`)
    return intent
  }

  async function expireDue(): Promise<void> {
    const due = o.view.due(o.clock.now()).slice(0, EXPIRE_AT_ONCE_MAX)
    // A refusal means that it was settled or cancelled in the meantime; the next sweep does not see it any more.
    await Promise.allSettled(due.map((intent) => close(intent, 'expired')))
  }

  return {
    create,
    get,
    list: (q: { limit: number; after: string | undefined }) => o.view.list(q),
    async cancel(id: string, along?: Along<Intent>): Promise<Intent> {
      const intent = get(id)
      return close(intent, 'canceled', along?.({ ...intent, status: 'canceled' }))
    },
    start(): void {
      timer = setInterval(() => void expireDue(), EXPIRE_EVERY_MS)
      timer.unref()
    },
    close(): void {
      clearInterval(timer)
    },
  }
}

/** Cheapest first for both sides together: what the payer parts with and what the rail costs us. */
function cheaperFirst(a: IntentOffer, b: IntentOffer): number {
  const [x, y] = [a.fullPrice.units + a.railCost.units, b.fullPrice.units + b.railCost.units]
  return x < y ? -1 : x > y ? 1 : 0
}
