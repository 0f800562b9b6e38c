import { moneyText } from '../audit/receipt/receipt.ts'
import { headIn, updateFacts } from '../audit/receipt/receiptChain.ts'
import { headOf } from '../audit/receipt/receiptUpdate.ts'
import { GatewayError } from '../errors/gatewayError.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { sameAsset } from '../money/asset.ts'
import { max } from '../money/integers.ts'
import { type Money, money, mulDiv, parseAmount, showMoney } from '../money/money.ts'
import { convert } from '../money/rate.ts'
import { OFFER_LIFE_MS } from '../payins/claim/replay.ts'
import { type RefundCreatedData, type RefundFact, toRefundFact, type Way } from '../payins/refund/facts.ts'
import { move } from '../payins/settlement/legs.ts'
import type { KnownPayment } from '../payins/status/statusReader.ts'
import type { AccountPath, Claim, Fact, Leg } from '../ports/books.ts'
import type { IntentId } from '../ports/ids.ts'
import type { Destination } from '../ports/sender.ts'
import { evolve } from './evolve.ts'
import { type GivenRefund, overAccount, refundAccount } from './givenRefund.ts'
import type { RefundContext } from './refundContext.ts'
import { openBound, reserveFor } from './reserve.ts'
import { takingsFor } from './sources.ts'
import { type Standing, standingOf } from './standing.ts'
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
  amount: Readonly<{ asset: string; amount: string }> | undefined
  most?: Money
  to: Destination | 'link' | undefined
  lifeMs: number
  reason: string
  metadata: Readonly<Record<string, string>>
  by: string
  along: Along
}>

type Planned = Readonly<{ fact: Extract<RefundFact, { type: 'refund.created' }>; legs: readonly Leg[]; claims: readonly Claim[] }>

/**
 * Puts aside what goes back, in one commit with what bounds it: of a payment never more than was paid, whoever asks. Throws `not_refundable`,
 * `unknown_asset`, `invalid_amount`, `insufficient_balance`, `insufficient_liquidity`, `too_many_open`; nothing moved then.
 */
export async function createRefund(context: RefundContext, o: CreateRefund): Promise<GivenRefund> {
  const { books, clock, assetOf, factsOf } = context
  const { receipt } = o.payment
  checkOpen(context, o)
  const own = receipt.payment.startsWith('pi_') ? await factsOf(receipt.id) : []
  const facts = [...o.payment.facts, ...own]
  const standing = standingOf(o.payment, context)
  const amount = amountOf(o.amount, money(standing.asked.asset, standing.asked.units - standing.before))
  if (o.most && amount.units > o.most.units)
    throw new GatewayError('request_in_progress', `More is left of the payment than the ${showMoney(o.most)} of a moment ago`)
  if (o.to !== undefined && o.to !== 'link') checkWay(context, o.to, amount)
  const way: Way =
    o.to === undefined ? await wayBack(context, o.payment, amount) : o.to === 'link' ? { kind: 'link' } : { kind: 'to', to: o.to }
  for (let plans = 1; ; plans++) {
    const { fact, legs, claims } = plan(context, o, { standing, amount, way })
    const ended = endedAtOnce(fact)
    const made = [fact, ...ended].reduce<GivenRefund | undefined>((refund, one) => evolve(refund, one, assetOf), undefined)!
    const along = o.along(made)
    const state = way.kind === 'balance' ? 'refunded' : 'refund_due'
    const head = headIn(facts, receipt.payment) ?? headIn(facts, receipt.id) ?? headOf(receipt)
    const news = updateFacts(head, clock.now(), { state, reason: 'given_back', entry: fact.data.entry, amount: moneyText(made.amount) })
    const outcome = await submitUntilKnown(books, {
      claims: [{ key: `refund:${receipt.id}:${standing.parts}`, fingerprint: fact.data.entry }, ...claims, ...along.claims],
      facts: [...[fact, ...ended].map(toRefundFact), ...news, ...along.facts],
      entry: { id: fact.data.entry, payment: receipt.id, legs },
    })
    if (outcome.kind === 'applied' || outcome.kind === 'replayed') return context.records.get(made.id)!
    if (outcome.kind === 'conflict')
      throw new GatewayError('request_in_progress', 'Another refund of this payment was made at the same time')
    if (plans >= PLANS_MAX) throw declined(legs[outcome.leg], amount)
  }
}

/** What would go back, in the asset that was paid. Moves nothing; throws as `createRefund` does for what cannot be given back. */
export function wantedOf(context: RefundContext, payment: KnownPayment, wanted: CreateRefund['amount']): Money {
  const { asked, before } = standingOf(payment, context)
  return amountOf(wanted, money(asked.asset, asked.units - before))
}

function checkOpen({ records }: RefundContext, { payment: { receipt }, asker }: CreateRefund): void {
  const party = asker ?? (receipt.payee.startsWith('pa_') ? receipt.payee : receipt.parts[0]?.to)
  if (party === undefined || records.openOf(party) < OPEN_MAX) return
  throw new GatewayError('too_many_open', `${party} has ${OPEN_MAX} refunds that wait for their payers`)
}

/** What a balance has again has its end in the same commit. */
function endedAtOnce({ id, at, data: { request, way, by } }: Planned['fact']): RefundFact[] {
  if (way.kind !== 'balance') return []
  return [{ type: 'refund.ended', id, at, data: { request, outcome: 'succeeded', returned: '0', by } }]
}

type Wanted = Readonly<{ standing: Standing; amount: Money; way: Way }>

/** Who pays for it now, and the legs that take it. */
function plan(context: RefundContext, o: CreateRefund, wanted: Wanted): Planned {
  const { standing, amount } = wanted
  const { asked, credit, before } = standing
  const { receipt } = o.payment
  const reserve = reserveFor(context, receipt.payee, credit.asset)
  const availableOf = (party: string) => available(context, accounts.party(party), credit)
  const cost = costOf(context, o.payment, standing, amount)
  const { takings, missing } = takingsFor({
    brought: cost.brought,
    worth: cost.worth,
    shares: standing.shares,
    asker: o.asker,
    availableOf,
    reserve,
  })
  if (missing > 0n) throw shortOf(money(credit.asset, missing), amount)
  const sources = takings.map(({ from, units, share }) => ({ from, asset: credit.asset.id, units: `${units}`, share: `${share}` }))
  const fact = createdFact(context, o, wanted, sources)
  const bound = openBound(context, accounts.refundable(receipt.id), money(asked.asset, asked.units - before))
  const used = reserve.use(takings.find(({ from }) => from === reserve.from)?.units ?? 0n)
  const counted = move(accounts.refunds, accounts.refundable(receipt.id), amount)
  return {
    fact,
    legs: [...bound.legs, counted, ...used.legs, ...takeLegs(fact, credit.asset, amount)],
    claims: [...bound.claims, ...used.claims],
  }
}

function createdFact(context: RefundContext, o: CreateRefund, wanted: Wanted, sources: RefundCreatedData['sources']): Planned['fact'] {
  const { clock, ids } = context
  const { receipt } = o.payment
  const { standing, amount, way } = wanted
  const { asked, before, place } = standing
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
    refunded: `${before + amount.units}`,
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

/**
 * At the rate of the payment, by cumulative shares: all parts together take from the payees exactly what the payment gave them. Later than its offer lived,
 * what was converted costs what it is worth now and no less than that, so that nobody can give back when a rate has moved in its favour.
 */
function costOf({ clock, rates }: RefundContext, { receipt }: KnownPayment, { asked, credit, before }: Standing, amount: Money) {
  const share = (units: bigint) => mulDiv(credit.units, units, asked.units, 'up')
  const brought = share(before + amount.units) - share(before)
  const isLate = clock.now() - Date.parse(receipt.issued_at) > OFFER_LIFE_MS
  if (!isLate || sameAsset(asked.asset, credit.asset)) return { brought, worth: brought }
  return { brought, worth: max(brought, convert(amount, rates.rate(asked.asset, credit.asset), 'up').units) }
}

/** Through the account of the receipt, by whose credits a chain that takes the payment back is told what was given to its payer. */
function takeLegs({ id, data }: Planned['fact'], credit: Money['asset'], amount: Money): Leg[] {
  const [byReceipt, own] = [accounts.surplus(data.receipt), refundAccount({ id })]
  const isConverted = !sameAsset(amount.asset, credit)
  const fx = accounts.fx(amount.asset, credit)
  const across = isConverted ? fx : byReceipt
  const taken = data.sources
    .filter(({ from }) => from !== across)
    .map(({ from, units }) => move(from, across, money(credit, BigInt(units))))
  const over = money(amount.asset, BigInt(data.over))
  return [
    ...taken,
    ...(isConverted ? [move(fx, byReceipt, amount)] : []),
    move(byReceipt, own, amount),
    ...(over.units > 0n ? [move(overAccount(data), own, over)] : []),
    ...(data.way.kind === 'balance' ? [move(own, data.way.account, money(amount.asset, BigInt(data.units)))] : []),
  ]
}

function available({ books }: Pick<RefundContext, 'books'>, path: AccountPath, { asset }: Money): bigint {
  const { creditsPosted, debitsPosted, debitsPending } = books.balance(path, asset)
  return max(creditsPosted - debitsPosted - debitsPending, 0n)
}

function shortOf(missing: Money, amount: Money): GatewayError {
  const message = `${showMoney(missing)} is missing of what ${showMoney(amount)} costs its payees`
  return new GatewayError('insufficient_balance', message, {
    hint: 'Nothing moved. Give back less, or have the missing amount on the balance; an operator can allow a reserve (refunds.reservePartyDayUsd).',
    meta: { missing: moneyText(missing) },
  })
}

/** A leg that the books would not book after all: of the bound, of the liquidity, else of a balance. */
function declined(leg: Leg | undefined, amount: Money): GatewayError {
  const [debit, credit] = leg?.kind === 'move' ? [leg.debit, leg.credit] : ['', '']
  if (credit.startsWith('ceiling:refunds:'))
    return new GatewayError('invalid_amount', `${showMoney(amount)} is more than is left of the payment`)
  if (debit.startsWith('fx:')) return new GatewayError('insufficient_liquidity', `There is no liquidity for ${showMoney(amount)} now`)
  return new GatewayError('insufficient_balance', `The balances have less than ${showMoney(amount)} is worth`)
}

/** What is wanted of what is left. Throws `unknown_asset` and `invalid_amount`. */
function amountOf(wanted: CreateRefund['amount'], left: Money): Money {
  if (!wanted) return left
  const { asset } = left
  if (wanted.asset !== asset.id && wanted.asset !== asset.code)
    throw new GatewayError('unknown_asset', `The payment was made in ${asset.id}`, { hint: 'Name the amount in the asset that was paid.' })
  const amount = parseAmount(wanted.amount, asset)
  if (amount.units === 0n) throw new GatewayError('invalid_amount', 'The amount is zero')
  if (amount.units > left.units)
    throw new GatewayError('invalid_amount', `${showMoney(amount)} is more than the ${showMoney(left)} that is left of the payment`)
  return amount
}
