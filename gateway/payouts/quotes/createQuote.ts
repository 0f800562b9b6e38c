import type { NanoUsd } from '../../costs/policy.ts'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Asset } from '../../money/asset.ts'
import type { Money } from '../../money/money.ts'
import type { Rate } from '../../money/rate.ts'
import type { PartyId, QuoteId } from '../../ports/ids.ts'
import { type Metadata, saidMetadata } from '../../ports/metadata.ts'
import type { Destination } from '../../ports/sender.ts'
import type { QuotedWay } from '../deciding/quotePayout.ts'
import type { Alongside } from '../payoutState/createPayoutCommand.ts'
import { type RateData, toMoneyData } from '../payoutState/facts.ts'
import type { QuoteContext } from './context.ts'
import { type QuoteBearer, type QuoteData, type QuoteFact, type QuoteSide, toQuoteFact } from './facts.ts'
import { type Priced, priceQuote } from './priceQuote.ts'
import { evolve, type LockedQuote } from './quote.ts'
import { ALL, countedOf } from './quoteRecords.ts'

const NANO_PER_USD = 1_000_000_000n

/** `from`: the asset of the balance; `amount`: of the side that is exact. `along` is given the quote as it will be made, and adds the caller's claims. */
export type CreateQuote = Readonly<{
  party: PartyId
  from: Asset
  side: QuoteSide
  amount: Money
  destinations: readonly Destination[]
  feeBearer: QuoteBearer
  expiresInS: number
  metadata?: Metadata
  createdBy: string
  along: (made: LockedQuote) => Alongside
}>

/** Makes quotes: each is priced, counted and durable before it is told. */
export function createQuoting(context: QuoteContext) {
  /** Refuses, beside what `priceQuote` does, with `too_busy` and `too_many_open`. */
  return async (command: CreateQuote): Promise<LockedQuote> => {
    const { party, amount, destinations, createdBy } = command
    const source = accounts.party(party)
    context.payouts.check({ source, amount, destinations, reference: '', createdBy })
    const id: QuoteId = context.ids.next('qt_')
    refuseTooMuch(context, { id, party, worthNano: 0n })
    const seconds = command.expiresInS + context.policy.sendWithinS
    const priced = await context.payouts.asking(source, () => priceQuote(context, { ...command, id, source, seconds }))
    return durable(context, command, { id, priced })
  }
}

async function durable(context: QuoteContext, command: CreateQuote, o: Readonly<{ id: QuoteId; priced: Priced }>): Promise<LockedQuote> {
  const { id, priced } = o
  const counted = { id, party: command.party, worthNano: priced.asked.worthNano }
  refuseTooMuch(context, counted)
  const leave = context.records.tally().reserve(id, countedOf(counted))
  const fact: QuoteFact = { type: 'quote.created', id, at: context.clock.now(), data: dataOf(context, command, priced) }
  const { claims, facts } = command.along(evolve(undefined, fact))
  try {
    const outcome = await submitUntilKnown(context.books, { claims, facts: [toQuoteFact(fact), ...facts] }, leave)
    leave()
    if (outcome.kind === 'conflict')
      throw new GatewayError('idempotency_key_reused', 'Another request was made under the key of this quote')
  } catch (error) {
    // It may be made all the same: then it counts until the books know.
    if (!isGatewayError(error, 'outcome_unknown') && !isGatewayError(error, 'idempotency_key_reused')) leave()
    throw error
  }
  const quote = context.records.get(id)
  invariant(quote, 'a quote that was made is known before its submission resolves')
  return quote
}

/** As a party's batches have their room: nobody has more of what all may than is free besides. */
function refuseTooMuch({ records, policy }: QuoteContext, quote: Parameters<typeof countedOf>[0]): void {
  const { party } = quote
  const counted = countedOf(quote)
  const [own, all] = [records.tally().withOne(party, counted), records.tally().withOne(ALL, counted)]
  const usd = (nano: NanoUsd) => `quotes worth ${nano / NANO_PER_USD} USD`
  const tooMany = (what: string) =>
    new GatewayError('too_many_open', `${party} has ${what} that are not used and not expired, and no room for more`, {
      meta: { of: party },
    })
  if (own.count > policy.party.openMax) throw tooMany(`${policy.party.openMax} quotes`)
  if (own.worthNano > policy.party.openNanoMax) throw tooMany(usd(own.worthNano - counted.worthNano))
  const [mine, free] = [own.count - 1, policy.all.openMax - (all.count - 1)]
  const [mineNano, freeNano] = [own.worthNano - counted.worthNano, policy.all.openNanoMax - (all.worthNano - counted.worthNano)]
  if (free < 1 || freeNano < counted.worthNano)
    throw new GatewayError('too_busy', 'The quotes of all parties are as many, or worth as much, as may be')
  if (mine >= free || mineNano > freeNano) throw tooMany(`${mine} quotes`)
}

function dataOf({ clock, policy }: QuoteContext, command: CreateQuote, priced: Priced): QuoteData {
  const { party, side, destinations, feeBearer, expiresInS, createdBy, metadata } = command
  const { amount, fee, receive, rate, asked } = priced
  const expiresAt = clock.now() + expiresInS * 1_000
  return {
    party,
    side,
    destinations,
    feeBearer,
    amount: toMoneyData(amount),
    fee: toMoneyData(fee),
    receive: toMoneyData(receive),
    railCost: toMoneyData(asked.fee),
    gas: toMoneyData(asked.gas),
    costNano: asked.costNano.toString(),
    worthNano: asked.worthNano.toString(),
    ...(rate && { rate: rateData(rate) }),
    spreadPpm: priced.spreadPpm.toString(),
    spread: toMoneyData(priced.spread),
    rail: asked.way.rail,
    destination: asked.way.destination,
    ways: asked.ways.map(wayData),
    expiresAt,
    sendBy: expiresAt + policy.sendWithinS * 1_000,
    createdBy,
    ...saidMetadata(metadata),
  }
}

function wayData(way: QuotedWay): QuoteData['ways'][number] {
  return 'costNano' in way ? { ...way, costNano: way.costNano.toString() } : way
}

function rateData({ from, to, num, den, observedAt, source }: Rate): RateData {
  return { from: from.id, to: to.id, num: num.toString(), den: den.toString(), observedAt, source }
}
