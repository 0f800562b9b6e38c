import { unlessSpokenOver, untilSaid } from '../audit/receipt/receiptChain.ts'
import { GatewayError } from '../errors/gatewayError.ts'
import { invariant } from '../errors/invariant.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import type { UnderWay } from '../ledger/process/underWay.ts'
import { type Money, money, showMoney } from '../money/money.ts'
import type { RefundCreatedData, Way } from '../payins/refund/facts.ts'
import type { KnownPayment } from '../payins/status/statusReader.ts'
import type { Claim, Fact, Leg } from '../ports/books.ts'
import type { IntentId } from '../ports/ids.ts'
import type { Destination } from '../ports/sender.ts'
import { chainHead } from './chainHead.ts'
import { type GivenRefund, overAccount } from './givenRefund.ts'
import { becomes, type CreatedFact, partClaim, refundLegs } from './newRefund.ts'
import type { RefundContext } from './refundContext.ts'
import { type Standing, standingOf } from './standing.ts'
import { amountOf, available, declined, type NamedAmount, takingFor } from './taking.ts'
import { checkWay, wayBack } from './wayBack.ts'

/** Made again when balances moved between looking and booking. */
const PLANS_MAX = 4
/** Refunds of one party that have no end: each of them is in memory, and waits for its payer. */
const OPEN_MAX = 2_000

/** What becomes durable with it: an idempotency key, and the answer kept for it. */
type Along = (made: GivenRefund) => Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>

/**
 * `asker`: the party that asks, when it is no operator; `amount` in the asset that was paid, all that is left when absent; `to`: where it goes, `link` for
 * where its payer says, by itself when absent. `lifeMs`: how long it waits for its payer. `most`: what was weighed and perhaps approved.
 */
export type CreateRefund = Readonly<{
  payment: KnownPayment
  asker: string | undefined
  amount: NamedAmount | undefined
  most?: Money
  to: Destination | 'link' | undefined
  lifeMs: number
  reason: string
  metadata: Readonly<Record<string, string>>
  by: string
  along: Along
}>

type Planned = Readonly<{ fact: CreatedFact; legs: readonly Leg[]; claims: readonly Claim[] }>

/**
 * Puts aside what goes back, in one commit with what bounds it: of a payment never more than was paid, whoever asks. Throws `not_refundable`,
 * `unknown_asset`, `invalid_amount`, `insufficient_balance`, `insufficient_liquidity`; nothing moved then.
 */
export async function createRefund(context: RefundContext, o: CreateRefund): Promise<GivenRefund> {
  const { receipt } = o.payment
  return untilSaid(async (tries) => {
    const now = tries === 1 ? o.payment : await context.findPayment(receipt.id)
    invariant(now, `the payment of ${receipt.id} has its receipt`)
    return placeRefund(context, { ...o, payment: now })
  })
}

/** Undefined where something else was said of the payment in between. */
async function placeRefund(context: RefundContext, o: CreateRefund): Promise<GivenRefund | undefined> {
  const { receipt } = o.payment
  const head = await chainHead(context, o.payment)
  const standing = standingOf(o.payment, context, o.asker)
  const amount = amountOf(o.amount, money(standing.asked.asset, standing.asked.units - standing.before))
  if (o.most && amount.units > o.most.units)
    throw new GatewayError('request_in_progress', `More is left of the payment than the ${showMoney(o.most)} of a moment ago`)
  if (o.to !== undefined && o.to !== 'link') checkWay(context, o.to, amount)
  const way: Way =
    o.to === undefined ? await wayBack(context, o.payment, amount) : o.to === 'link' ? { kind: 'link' } : { kind: 'to', to: o.to }
  for (let plans = 1; ; plans++) {
    const { fact, legs, claims } = plan(context, o, { standing, amount, way })
    const { made, ...said } = becomes(context, { fact, head })
    const along = o.along(made)
    const submission = {
      claims: [partClaim(fact, standing), ...claims, ...along.claims, ...said.claims],
      facts: [...said.facts, ...along.facts],
      entry: { id: fact.data.entry, payment: receipt.id, legs },
    }
    const outcome = unlessSpokenOver(await submitUntilKnown(context.books, submission))
    if (!outcome) return undefined
    if (outcome.kind === 'applied' || outcome.kind === 'replayed') return context.records.get(made.id)!
    if (outcome.kind === 'conflict')
      throw new GatewayError('request_in_progress', 'Another refund or dispute of this payment was made at the same time')
    if (plans >= PLANS_MAX) throw declined(legs[outcome.leg], amount)
  }
}

/** What would go back, in the asset that was paid. Moves nothing; throws as `createRefund` does for what cannot be given back. */
export function wantedOf(context: RefundContext, payment: KnownPayment, { amount, asker }: Pick<CreateRefund, 'amount' | 'asker'>): Money {
  const { asked, before } = standingOf(payment, context, asker)
  return amountOf(amount, money(asked.asset, asked.units - before))
}

/** Whose refund it is: who asks, else who was paid first. */
export function giverOf({ payment: { receipt }, asker }: Pick<CreateRefund, 'payment' | 'asker'>): string | undefined {
  return asker ?? (receipt.payee.startsWith('pa_') ? receipt.payee : receipt.parts[0]?.to)
}

/** Refuses one more with `too_many_open`; `making` counts with those that stand. */
export function requireRoom({ records }: Pick<RefundContext, 'records'>, making: UnderWay, party: string | undefined): void {
  if (party === undefined || records.openOf(party) + making.of(party) < OPEN_MAX) return
  throw new GatewayError('too_many_open', `${party} has ${OPEN_MAX} refunds that wait for their payers`)
}

type Wanted = Readonly<{ standing: Standing; amount: Money; way: Way }>

/** Who pays for it now, and the legs that take it. */
function plan(context: RefundContext, o: CreateRefund, wanted: Wanted): Planned {
  const taking = takingFor(context, o.payment, { standing: wanted.standing, amount: wanted.amount, asker: o.asker })
  const fact = createdFact(context, o, wanted, taking.sources)
  const own = refundLegs(fact, { takings: taking.sources, credit: wanted.standing.credit.asset, amount: wanted.amount })
  return { fact, legs: [...taking.legs, ...own], claims: taking.claims }
}

function createdFact(context: RefundContext, o: CreateRefund, wanted: Wanted, sources: RefundCreatedData['sources']): CreatedFact {
  const { clock, ids } = context
  const { receipt } = o.payment
  const { standing, amount, way } = wanted
  const { asked, given, before, place } = standing
  const request = receipt.payment.startsWith('pi_') ? (receipt.payment as IntentId) : receipt.id // A receipt names an intent by its id.
  // All that is left takes along what came above the price.
  const over = o.amount === undefined ? available(context, overAccount({ request }), amount) : 0n
  const at = clock.now()
  const data: RefundCreatedData = {
    request,
    receipt: receipt.id,
    place,
    rail: receipt.rail,
    payee: receipt.payee,
    parties: [...new Set(receipt.parts.map(({ to }) => to))],
    asset: amount.asset.id,
    units: `${amount.units + over}`,
    over: `${over}`,
    paid: `${asked.units}`,
    refunded: `${given + amount.units}`,
    left: `${asked.units - before - amount.units}`,
    sources,
    way,
    entry: ids.entry(),
    expiresAt: at + o.lifeMs,
    reason: o.reason,
    by: o.by,
    metadata: o.metadata,
  }
  return { type: 'refund.created', id: ids.refund(), at, data }
}
