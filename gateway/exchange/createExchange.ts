import type { NanoUsd } from '../costs/policy.ts'
import { GatewayError } from '../errors/gatewayError.ts'
import { invariant } from '../errors/invariant.ts'
import type { UnderWay } from '../ledger/process/underWay.ts'
import { sameAsset } from '../money/asset.ts'
import { ceilDiv, ceilDivCount } from '../money/integers.ts'
import { add, type Money, money, showMoney, subtract } from '../money/money.ts'
import { convert } from '../money/rate.ts'
import { fxPath } from '../payouts/payoutState/entries.ts'
import type { Claim, Fact } from '../ports/books.ts'
import type { HoldInvoices } from '../ports/holdInvoices.ts'
import type { ExchangeId, PartyId } from '../ports/ids.ts'
import { type Metadata, saidMetadata } from '../ports/metadata.ts'
import type { RailKind, RailName } from '../ports/railName.ts'
import type { Destination } from '../ports/sender.ts'
import type { ExchangeContext } from './context.ts'
import { evolve } from './evolve.ts'
import type { Exchange, ExchangeLeg, HeldPay, IntentPay } from './exchange.ts'
import { type ExchangeFact, toFact, toLegData, toPayData } from './facts.ts'
import { holdableMs, worstMs } from './policy.ts'
import { submitStep } from './submitStep.ts'
import { type ExchangeView, viewExchange } from './view.ts'

/** What becomes durable in the same submission as the exchange. */
type Alongside = Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>

/**
 * `from`: 'lightning' is a held payment; otherwise the rails of an intent, with where its payment goes back to. `amount`, in its asset, is what the payout
 * sends. `along` is given the exchange as it will be made and adds the caller's claims and facts; at least one claim.
 */
export type CreateExchange = Readonly<{
  party: PartyId
  createdBy: string
  from: Readonly<{ kind: 'hold' }> | Readonly<{ kind: 'intent'; rails: readonly (RailName | RailKind)[]; refundTo: readonly Destination[] }>
  amount: Money
  destinations: readonly Destination[]
  reference: string
  description: string
  metadata?: Metadata
  expiresInS: number
  along: (made: ExchangeView) => Alongside
}>

/** Under this name each that is being made is counted. */
export const ALL = 'all'

/** Refuses one more with `too_busy`; `making` counts with those that stand. */
export function requireRoom({ records, policy }: Pick<ExchangeContext, 'records' | 'policy'>, making: UnderWay, party: PartyId): void {
  if (records.openCount() + making.of(ALL) >= policy.openMax) throw new GatewayError('too_busy', `${policy.openMax} exchanges are open`)
  if (records.open().filter((x) => x.party === party).length + making.of(party) >= policy.openPerPartyMax)
    throw new GatewayError('too_busy', `${policy.openPerPartyMax} exchanges of this party are open`)
}

/** Prices an exchange and makes it durable. Refuses with `invalid_request`, `no_rail`, `too_many_open`, `insufficient_liquidity` or `rail_unavailable`. */
export async function createExchange(context: ExchangeContext, command: CreateExchange): Promise<Exchange> {
  const { policy, ids } = context
  if (command.amount.units <= 0n) throw new GatewayError('invalid_amount', `${showMoney(command.amount)} cannot be exchanged`)
  const { amount, destinations, reference } = command
  const source = `party:${command.party}`
  const quote = await context.payouts.quote({ source, amount, destinations })
  if (quote.kind === 'impossible') {
    throw new GatewayError('no_rail', 'No rail here can make the payout now', { meta: { candidates: quote.refusals } })
  }
  const payout = ids.payout()
  context.payouts.members.fits({ id: payout, source, behalf: { account: source }, amount, destinations })
  const leg = { payout, amount, destinations, reference, worstMs: worstMs(policy, destinations, quote.secondsMax) }
  const id = ids.exchange()
  return command.from.kind === 'hold'
    ? createHeld(context, command, { id, leg, costNano: quote.costNano })
    : createOnIntent(context, { ...command, from: command.from }, { id, leg })
}

async function createHeld(
  context: ExchangeContext,
  command: CreateExchange,
  o: { id: ExchangeId; leg: ExchangeLeg; costNano: NanoUsd },
): Promise<Exchange> {
  const { policy, secrets } = context
  const holds = heldOn(context, command.amount)
  const waits = holdableMs(policy, o.leg.worstMs)
  if (waits > policy.holdableMsMax) {
    const hours = ceilDivCount(waits, 3_600_000)
    throw new GatewayError('no_rail', `The payout may take so long that a payment would have to wait for ${hours} hours`, {
      hint: 'Name a destination on a quicker rail, or take the payment first and pay out of the balance.',
    })
  }
  requireLiquidity(context, command.amount, holds)
  const price = convert(command.amount, context.rates.rate(command.amount.asset, holds.asset), 'up')
  const amount = payable(add(price, costIn(context, o.costNano, holds)))
  const fee = subtract(amount, price)
  const expiresAt = context.clock.now() + command.expiresInS * 1_000
  const request = { hash: secrets.hashOf(o.id), amount, expiresAt, holdableMs: waits, description: command.description }
  // An invoice that nobody is told of, because this process dies here, can not be paid.
  const { invoice, network, hash } = await holds.hold(request)
  const pay: HeldPay = { kind: 'hold', hash, invoice, network, amount, fee, expiresAt, holdableMs: waits }
  const made = await durable(context, command, { id: o.id, leg: o.leg, pay })
  if (made.pay.kind === 'hold' && made.pay.hash !== hash) await holds.cancel(hash)
  return made
}

function heldOn({ holds }: ExchangeContext, amount: Money): HoldInvoices {
  if (!holds) throw new GatewayError('no_rail', 'No Lightning node here can hold a payment', { hint: 'Configure one that can.' })
  if (sameAsset(holds.asset, amount.asset)) {
    throw new GatewayError('invalid_request', `A payment in ${amount.asset.code} is not exchanged for ${amount.asset.code}`, {
      hint: 'Give the amount in another asset, such as the one of balances.',
    })
  }
  return holds
}

/** The payout's funds are set aside only when the payment is here, so this is a courtesy to the payer and no promise. */
function requireLiquidity({ books }: ExchangeContext, amount: Money, holds: HoldInvoices): void {
  const fx = books.balance(fxPath(holds.asset, amount.asset), amount.asset)
  const free = money(amount.asset, fx.creditsPosted - fx.debitsPosted - fx.debitsPending)
  if (free.units >= amount.units) return
  throw new GatewayError('insufficient_liquidity', `${fx.path} has ${showMoney(free)} to give, and this takes ${showMoney(amount)}`)
}

/** The smallest unit that many wallets can send: a satoshi. What rounding up adds is ours, as the cost is. */
const COARSEST_MSAT = 1_000n

function payable(amount: Money): Money {
  const over = amount.units % COARSEST_MSAT
  return over === 0n ? amount : money(amount.asset, amount.units + COARSEST_MSAT - over)
}

const NANO_PER_MICRO = 1_000n

/** The payout's expected cost in the asset of the payment, rounded up at each step: the payer bears it. */
function costIn({ rates, usd }: ExchangeContext, costNano: NanoUsd, holds: HoldInvoices): Money {
  invariant(usd.scale === 6, 'a unit of USD is a thousand nano-USD')
  const inUsd = money(usd, ceilDiv(costNano, NANO_PER_MICRO))
  return convert(inUsd, rates.rate(usd, holds.asset), 'up')
}

async function createOnIntent(
  context: ExchangeContext,
  command: CreateExchange & { from: { kind: 'intent' } },
  o: { id: ExchangeId; leg: ExchangeLeg },
): Promise<Exchange> {
  const { rates, usd, bookAsset, splits, ids } = context
  if (!sameAsset(command.amount.asset, bookAsset)) {
    throw new GatewayError('invalid_request', `What an intent pays is a balance in ${bookAsset.code}`, {
      hint: `Give the amount in ${bookAsset.code}.`,
    })
  }
  const { party, from, description, expiresInS } = command
  const refund = ids.payout()
  const price = convert(command.amount, rates.rate(bookAsset, usd), 'up')
  let claim: string | undefined
  await context.intents.create({
    amount: price,
    payee: { kind: 'party', party, split: await splits.house(party) },
    metadata: { exchange: o.id },
    expiresInS,
    description,
    rails: from.rails,
    along: ({ intent }) => {
      const { expiresAt } = intent
      const pay: IntentPay = { kind: 'intent', intent: intent.id, amount: price, expiresAt, refundTo: from.refundTo, refund }
      const made = submissionOf(context, command, { id: o.id, leg: o.leg, pay })
      claim = made.claims[0]!.key
      return made
    },
  })
  return standing(context, claim)
}

async function durable(
  context: ExchangeContext,
  command: CreateExchange,
  o: { id: ExchangeId; leg: ExchangeLeg; pay: HeldPay },
): Promise<Exchange> {
  const submission = submissionOf(context, command, o)
  if ((await submitStep(context, submission)) === 'overtaken') {
    throw new GatewayError('idempotency_key_reused', 'Another request was made under the key of this exchange')
  }
  return standing(context, submission.claims[0]!.key)
}

/** The exchange's fact, with what the caller makes durable along with it. */
function submissionOf(
  context: ExchangeContext,
  { party, createdBy, metadata, along }: CreateExchange,
  o: { id: ExchangeId; leg: ExchangeLeg; pay: HeldPay | IntentPay },
): Alongside {
  const data = { party, createdBy, pay: toPayData(o.pay), toPay: toLegData(o.leg), ...saidMetadata(metadata) }
  const fact = (claims: readonly string[]): ExchangeFact => ({
    type: 'exchange.created',
    id: o.id,
    at: context.clock.now(),
    data: { ...data, claims },
  })
  const extra = along(viewExchange(evolve(undefined, fact([]))))
  invariant(extra.claims.length > 0, 'an exchange is made under a key that makes a repeat harmless')
  return { claims: extra.claims, facts: [toFact(fact(extra.claims.map((c) => c.key))), ...extra.facts] }
}

function standing({ records }: ExchangeContext, claim: string | undefined): Exchange {
  const made = records.byClaim(claim ?? '')
  invariant(made, 'the exchange of a taken claim is known before its submission resolves')
  return made
}
