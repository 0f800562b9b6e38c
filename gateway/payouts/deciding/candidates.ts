import type { RouterPolicy } from '../../costs/policy.ts'
import type { Valuer } from '../../costs/valuer.ts'
import { isUnavailable } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { type Asset, sameAsset } from '../../money/asset.ts'
import { max, min } from '../../money/integers.ts'
import { compare, type Money, money, showMoney } from '../../money/money.ts'
import type { AccountBalance, Books } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RailKind, RailName } from '../../ports/railName.ts'
import type { Destination, Estimate, PayoutQuery, Sender } from '../../ports/sender.ts'
import type { FeeBudget } from '../fees/feeBudget.ts'
import type { FeePolicy } from '../fees/policy.ts'
import { ownerOf } from '../fees/purses.ts'
import type { Health, Turn } from '../health/health.ts'
import { fxPath, railPath } from '../payoutState/entries.ts'
import { boundFee } from '../payoutState/feeShares.ts'
import { type AttemptState, isUnheard, type Payout, type Quote } from '../payoutState/payout.ts'
import type { QuotedCandidate, Room } from '../payoutState/quotedCandidate.ts'
import type { Candidate, Impossibility } from '../router/candidate.ts'
import { costsBeside, feeBesideGas } from './costsBeside.ts'
import { withDeadline } from './deadline.ts'
import { changesAfter, widestAfter } from './healing.ts'
import { promisedAmount, railAmount, roomOf } from './railAmount.ts'
import { lineOf } from './railLine.ts'

/** What payouts with these destinations queue with: those that ask the same kinds of rail. */
export function laneOf(destinations: readonly Destination[]): string {
  return [...new Set(destinations.map(({ kind }) => RAIL_OF[kind]))].sort().join('+')
}

type Context = Readonly<{
  senders: readonly Sender[]
  books: Books
  valuer: Valuer
  feeBudget: FeeBudget
  health: Health
  clock: Pick<Clock, 'now'>
  policy: Readonly<{ estimateDeadlineMs: number; fees: FeePolicy; router: RouterPolicy }>
  /** Whether it may hold a slot of our Lightning channels. */
  slot: boolean
}>
type Way = Readonly<{ rail: RailName; destination: number }>
type Failed = Readonly<{ tried: AttemptState; failure: NonNullable<AttemptState['failure']> }>

/** The kind of rail that a kind of destination belongs to, also when no sender serves it. */
export const RAIL_OF: Readonly<Record<Destination['kind'], RailKind>> = {
  lightning_invoice: 'lightning',
  lightning_offer: 'lightning',
  lightning_node: 'lightning',
  lightning_address: 'lightning',
  lnurl: 'lightning',
  evm_address: 'evm',
  iban: 'bank',
  us_account: 'bank',
  party: 'book',
  custom: 'custom',
}

/** Every way to make this payout, asked of all rails at once, each with a deadline; in the order of the payee's destinations. */
export function quoteCandidates(payout: Payout, context: Context): Promise<QuotedCandidate[]> {
  const quotes = payout.destinations.flatMap((destination, place): (QuotedCandidate | Promise<QuotedCandidate>)[] => {
    if (destination.kind === 'party') return [bookCandidate(payout, place)]
    const senders = context.senders.filter((sender) => serves(sender, destination))
    const way = { rail: RAIL_OF[destination.kind], destination: place }
    if (senders.length === 0)
      return [
        impossible(
          way,
          'not_served',
          `no rail here pays a destination of kind ${destination.kind === 'custom' ? destination.rail : destination.kind}`,
        ),
      ]
    return senders.map((sender) => quoteSender(payout, sender, { rail: sender.rail, destination: place }, context))
  })
  return Promise.all(quotes)
}

/** A destination of a custom rail is that rail's alone: another would read its account otherwise. So is an address that names its chain. */
export function serves(sender: Sender, destination: Destination): boolean {
  if (!sender.serves.includes(destination.kind)) return false
  if (destination.kind === 'custom') return destination.rail === sender.rail
  return destination.kind !== 'evm_address' || destination.on === undefined || destination.on === sender.rail
}

function impossible(
  way: Readonly<{ rail: RailName | RailKind; destination: number }>,
  reason: Impossibility,
  detail: string,
  room?: Room,
): QuotedCandidate {
  return { candidate: { kind: 'impossible', ...way, reason, detail }, quote: undefined, ...(room && { room }) }
}

/** A balance held here: free, at once and certain. No liquidity is used up, so `availableNano` 0 prices none. */
function bookCandidate(payout: Payout, destination: number): QuotedCandidate {
  const way = { rail: 'book' as const, destination }
  const before = triedBefore(way, failedBefore(payout, way, payout.amount.asset))
  if (before) return before
  const { promised } = payout
  if (promised && !(sameAsset(promised.amount.asset, payout.amount.asset) && promised.amount.units === payout.amount.units))
    return impossible(way, 'amount_mismatch', `the quote promises ${showMoney(promised.amount)}, and a balance here gets what is paid`)
  const nothing = { feeNano: 0n, failureFeeNano: 0n, secondsToFunds: 0n, secondsToFail: 0n, availableNano: 0n }
  const candidate: Candidate = { kind: 'possible', ...way, ...nothing, successPpm: 1_000_000n, converted: false }
  const { amount } = payout
  return { candidate, quote: { ...way, amount, feeMax: money(amount.asset, 0n), shares: undefined } }
}

/** The last try of a way that failed and that its rail had heard of. */
function failedBefore(payout: Payout, way: Way, asset: Asset): Failed | undefined {
  const same = (a: Quote) => a.rail === way.rail && a.destination === way.destination && sameAsset(a.amount.asset, asset)
  const tried = payout.attempts.findLast((a) => same(a) && a.failure && !isUnheard(a))
  return tried?.failure && { tried, failure: tried.failure }
}

/** A way that has failed is not tried again, unless something of it changes. */
function triedBefore(way: Way, before: Failed | undefined): QuotedCandidate | undefined {
  if (!before || before.failure.again) return undefined
  return impossible(way, before.failure.reason, `tried before: ${before.failure.detail}`)
}

/** A way that failed, and is to be tried again from a time on. `room`: what it could pay of it at once. */
function healsLater(way: Way, before: Failed | undefined, now: number, room: Room | undefined): QuotedCandidate | undefined {
  const again = before?.failure.again
  if (!again || again.at <= now) return undefined
  return impossible(way, 'heals_later', `it is tried again at ${new Date(again.at).toISOString()}: ${before.failure.detail}`, room)
}

async function quoteSender(payout: Payout, sender: Sender, way: Way, context: Context): Promise<QuotedCandidate> {
  const before = failedBefore(payout, way, sender.asset)
  const closed = triedBefore(way, before)
  if (closed) return closed
  if (sender.rail === 'lightning' && !context.slot) {
    return impossible(way, 'slots_used', 'its party or its payee has as many Lightning payments under way as it may; it is tried again')
  }
  const destination = payout.destinations[way.destination]!
  try {
    const rate = context.valuer.rate(payout.amount.asset, sender.asset)
    const { rail, asset } = sender
    const promised = payout.promised?.amount
    const sent = promised
      ? promisedAmount({ promised, rail, asset, destination })
      : railAmount({ amount: payout.amount, rail, asset, destination, rate })
    if (sent.kind === 'impossible') return impossible(way, sent.reason, sent.detail)
    const { valuer, policy, feeBudget, health } = context
    const now = context.clock.now()
    const worthNano = valuer.nano(sent.amount, 'up')
    const { line, ...about } = lineOf(sender, destination)
    const turn = health.turn(line, { call: 'terms', owner: ownerOf(payout.behalf), worthNano, ...about })
    if ('reason' in turn) return impossible(way, turn.reason, turn.detail)
    const estimate = await estimated(sender, { amount: sent.amount, destination }, { ms: policy.estimateDeadlineMs, turn })
    const roomFor = (upTo: Money, { inAll = upTo, isRails }: Readonly<{ inAll?: Money; isRails: boolean }>): Room | undefined => {
      const room = roomOf(upTo, { asked: payout.amount, destination, rate, inAll })
      return room && { ...room, isRails }
    }
    if (estimate.kind === 'impossible') {
      const { reason, detail, upTo, again } = estimate
      const room =
        upTo && roomFor(upTo, again ? { inAll: reserveOf(payout, sender, context.books).most, isRails: true } : { isRails: false })
      return healsLater(way, before, now, room) ?? impossible(way, reason, detail, room)
    }
    const left = feeBudget.left(payout.behalf)
    const changed = before && changesAfter(before.tried)
    const widest = widestAfter(before)
    const bounded = boundFee(payout, estimate, { rail: sender.rail, valuer, policy: policy.fees, left, widest })
    if (bounded.kind === 'impossible') return impossible(way, bounded.reason, bounded.detail)
    const { feeMax, shares } = bounded
    const short = shortage(payout, sender, { amount: sent.amount, feeMax, available: estimate.available }, context.books)
    const shut = healsLater(way, before, now, short && roomFor(short.upTo, { isRails: true }))
    if (shut) return shut
    if (short) return impossible(way, 'insufficient_liquidity', short.detail, roomFor(short.upTo, { isRails: true }))
    const candidate: Candidate = {
      kind: 'possible',
      ...way,
      successPpm: estimate.successPpm,
      converted: rate !== undefined,
      secondsToFunds: estimate.secondsToFunds,
      secondsToFail: estimate.secondsToFail,
      feeNano: valuer.nano(feeBesideGas(estimate), 'up'),
      failureFeeNano: valuer.nano(estimate.failureFee, 'up'),
      availableNano: valuer.nano(estimate.available, 'down'),
      beside: costsBeside(estimate, { rail: sender.rail, held: payout.amount.asset, sent: sender.asset, valuer, policy: policy.router }),
    }
    return { candidate, quote: { ...way, amount: sent.amount, feeMax, shares, ...(changed && { changed }) } }
  } catch (error) {
    if (!isUnavailable(error)) throw error
    return impossible(way, 'rate_unavailable', error.shortMessage)
  }
}

type Answer = Estimate | Readonly<{ kind: 'impossible'; reason: 'no_answer'; detail: string; upTo?: never; again?: never }>

async function estimated(sender: Sender, query: PayoutQuery, { ms, turn }: { ms: number; turn: Turn }): Promise<Answer> {
  const late: Answer = { kind: 'impossible', reason: 'no_answer', detail: `${sender.rail} gave no terms within ${ms} ms` }
  const answer = await withDeadline<Answer, Answer>({
    ms,
    late,
    work: async () => {
      try {
        const told = await sender.estimate(query)
        turn.heard()
        return told
      } catch (error) {
        // A rail that breaks or does not answer is one that cannot be used now, and no money has moved.
        const why = error instanceof Error ? error.message : String(error)
        turn.silent()
        return { kind: 'impossible', reason: 'no_answer', detail: `${sender.rail} could not give terms: ${why.slice(0, 200)}` }
      } finally {
        turn.over()
      }
    },
  })
  if (answer === late) turn.silent()
  return answer
}

/** What is missing to send this now, by the rail's word and by our own books, and how much could be sent; undefined when nothing is missing. */
function shortage(
  payout: Payout,
  sender: Sender,
  { amount, feeMax, available }: Readonly<{ amount: Money; feeMax: Money; available: Money }>,
  books: Books,
): Readonly<{ detail: string; upTo: Money }> | undefined {
  if (sender.rail === 'book') return undefined
  const { asset } = amount
  const feeToo = sender.feesComeBy === 'outcome' && sameAsset(feeMax.asset, asset) ? feeMax.units : 0n
  const needed = money(asset, amount.units + feeToo)
  const { rail, held, fx, free, most: reserve } = reserveOf(payout, sender, books)
  const told = sameAsset(available.asset, asset) ? available : undefined
  const most = min(min(told?.units ?? held.units, held.units) - feeToo, reserve.units)
  const short = (detail: string) => ({ detail, upTo: money(asset, max(most, 0n)) })
  if (told && compare(told, needed) < 0)
    return short(`${sender.rail} can send ${showMoney(told)} now, and this takes up to ${showMoney(needed)}`)
  if (compare(held, needed) < 0)
    return short(`the books show ${showMoney(held)} free on ${rail}, and this takes up to ${showMoney(needed)}`)
  return free && compare(free, amount) < 0 ? short(`${fx} has ${showMoney(free)} to give, and this takes ${showMoney(amount)}`) : undefined
}

/** What our own books have for a rail in its asset: free on its account, and of the pair's liquidity where it converts; `most`: what both allow. */
export function reserveOf({ amount }: Pick<Payout, 'amount'>, sender: Sender, books: Books) {
  invariant(sender.rail !== 'book', 'the book rail has no sender')
  const { asset } = sender
  const rail = railPath(sender.rail)
  const { debitsPosted, creditsPosted, creditsPending } = books.balance(rail, asset)
  const held = money(asset, debitsPosted - creditsPosted - creditsPending)
  const fx = fxPath(amount.asset, asset)
  const free = sameAsset(amount.asset, asset) ? undefined : money(asset, freeCredit(books.balance(fx, asset)))
  return { rail, held, fx, free, most: money(asset, max(min(held.units, free?.units ?? held.units), 0n)) }
}

function freeCredit(balance: AccountBalance): bigint {
  return balance.creditsPosted - balance.debitsPosted - balance.debitsPending
}
