import { GatewayError } from '../../errors/gatewayError.ts'
import type { FirstDays } from '../../guard/firstDays/firstDays.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Asset } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Along } from '../../parties/party/parties.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { IntentId } from '../../ports/ids.ts'
import type { RailKind, RailName } from '../../ports/railName.ts'
import type { RateSource } from '../../ports/rates.ts'
import { collectingByBook } from '../offer/collectingCosts.ts'
import type { MakeOffers, PricedOffer } from '../offer/makeOffers.ts'
import { decideOffers } from '../offer/offerDecision.ts'
import type { OfferRefusal } from '../offer/refusalOf.ts'
import { toIntentFact } from './facts.ts'
import { cheaperFirst, type Intent, type IntentAbout, type IntentOffer, type PayeeRef } from './intent.ts'
import { createdData } from './intentData.ts'
import { refOf } from './refOf.ts'

export type CreateIntent = Readonly<{
  /** Known before it is made, where a claim of `along` lets only one be made under it; a new one when absent. */
  id?: IntentId
  /** What makes it, where that is no request: a payment link or a subscription. */
  origin?: string
  /** Who may end it and issue its invoice, where a split is paid; an operator may always. */
  createdBy?: string
  amount: Money
  payee: Payee
  metadata: Readonly<Record<string, string>>
  expiresInS: number
  /** What an invoice says that it is for. */
  description: string
  about?: IntentAbout
  rails?: readonly (RailName | RailKind)[] | undefined
  along?: Along<CreatedIntent>
}>

/** `refusals`: the rails that could not serve it, and why. */
export type CreatedIntent = Readonly<{ intent: Intent; refusals: readonly OfferRefusal[] }>

export type CreateParts = Readonly<{
  books: Books
  makeOffers: MakeOffers
  /** What a gateway's first days allow; all where it is absent. */
  firstDays?: Pick<FirstDays, 'admitIntent'>
  rates: RateSource
  clock: Clock
  ids: IdSource
  /** USD, and the asset that balances are held in. */
  usd: Asset
  bookAsset: Asset
}>

/**
 * Makes an open intent, durable with what the caller sends along, and with an offer of each rail that can serve it. Throws `no_rail` when none can, and
 * `too_many_open` for what is too much for a gateway's first days.
 */
export async function createIntent(o: CreateParts, command: CreateIntent): Promise<CreatedIntent> {
  const { id = o.ids.intent(), amount, payee, metadata, rails } = command
  o.firstDays?.admitIntent(amount)
  const createdAt = o.clock.now()
  const expiresAt = createdAt + command.expiresInS * 1000
  const credit = convert(amount, o.rates.rate(o.usd, o.bookAsset), 'up')
  const { offers: priced, refusals } = await o.makeOffers({
    price: amount,
    ref: refOf(id),
    splitId: payee.split.splitId,
    expiresAt,
    description: command.description,
    rails,
  })
  const offered = priced.map((one) => ({ collecting: one.collecting, offer: toOffer(o, one) }))
  if (!rails || rails.includes('book')) {
    const collecting = collectingByBook(amount, o.bookAsset)
    offered.push({ collecting, offer: bookOffer(o, { id, amount, credit, expiresAt, collecting }) })
  }
  const offers = offered.map(({ offer }) => offer).sort(cheaperFirst)
  if (offers.length === 0) throw new GatewayError('no_rail', 'No rail can serve this amount', { meta: { candidates: refusals } })
  const intent: Intent = {
    id,
    amount,
    credit,
    payee: refTo(payee),
    about: command.about ?? {},
    ...(command.origin === undefined ? {} : { origin: command.origin }),
    ...(command.createdBy === undefined ? {} : { createdBy: command.createdBy }),
    metadata,
    status: 'open',
    exception: 'none',
    createdAt,
    expiresAt,
    offers,
    earlier: [],
    requotes: 0,
    decision: decideOffers(o.ids.decision(), {
      price: amount,
      offered: offered.map(({ collecting, offer: { id, rail } }) => ({ id, rail, collecting })),
      refusals,
    }),
    paid: undefined,
    surplus: [],
  }
  const along = command.along?.({ intent, refusals })
  const fact = toIntentFact({ type: 'intent.created', id, at: createdAt, data: createdData(intent) })
  await submitUntilKnown(o.books, { claims: along?.claims ?? [], facts: [fact, ...(along?.facts ?? [])] })
  return { intent, refusals }
}

export function toOffer({ ids }: Pick<CreateParts, 'ids'>, priced: PricedOffer): IntentOffer {
  const { terms, fullPrice, railCost, collecting } = priced
  const { rail, amount, expiresAt, reference, wire } = terms
  return { id: ids.offer(), rail, amount, fullPrice, railCost, wholeNano: collecting.wholeNano, expiresAt, reference, wire }
}

function bookOffer(
  { ids, usd }: Pick<CreateParts, 'ids' | 'usd'>,
  { id, amount, credit, expiresAt, collecting }: Pick<Intent, 'id' | 'amount' | 'credit' | 'expiresAt'> & Pick<PricedOffer, 'collecting'>,
): IntentOffer {
  return {
    id: ids.offer(),
    rail: 'book',
    amount: credit,
    fullPrice: amount,
    railCost: money(usd, 0n),
    wholeNano: collecting.wholeNano,
    expiresAt,
    reference: `book:${id}`,
    wire: { kind: 'book' },
  }
}

function refTo(payee: Payee): PayeeRef {
  return payee.kind === 'party' ? { kind: 'party', id: payee.party } : { kind: 'split', id: payee.split.key }
}
