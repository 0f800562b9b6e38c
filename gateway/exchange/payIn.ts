import { invariant } from '../errors/invariant.ts'
import { newEntry } from '../ledger/process/newEntry.ts'
import { max, min } from '../money/integers.ts'
import { money } from '../money/money.ts'
import { toMoneyData } from '../payouts/payoutState/facts.ts'
import type { HoldInvoices, HoldState } from '../ports/holdInvoices.ts'
import type { RailName } from '../ports/railName.ts'
import { type ExchangeContext, once } from './context.ts'
import { fundsBackLegs, heldLegs, voidLegs } from './entries.ts'
import type { Exchange, HeldPay, ReturnReason } from './exchange.ts'
import { toFact } from './facts.ts'
import { submitStep } from './submitStep.ts'

type HeldState = HoldState & { kind: 'held' }

/** Steps on the payment's side of an exchange that waits at the node. Each answers in how many ms to come again, or undefined when a fact was written. */
export type PayIn = Readonly<{
  watch(x: Exchange, pay: HeldPay): Promise<number | undefined>
  guard(x: Exchange, pay: HeldPay, byMs: number): Promise<number | undefined>
  give(x: Exchange, pay: HeldPay, reason: ReturnReason | 'unpaid'): Promise<number | undefined>
  take(x: Exchange, pay: HeldPay): Promise<number | undefined>
  /** The node's latest word on when it would give the payment back. */
  decideBy(x: Exchange): number | undefined
}>

/** `deadlines`: what this process was told; a restart asks again. `seen`: when a payment was first seen to wait, by our own clock. */
type Watching = Readonly<{ context: ExchangeContext; deadlines: Map<string, number>; seen: Map<string, number> }>

export function createPayIn(context: ExchangeContext): PayIn {
  const w: Watching = { context, deadlines: new Map(), seen: new Map() }
  return {
    watch: (x, pay) => watch(w, x, pay),
    guard: (x, pay, byMs) => guard(w, x, { pay, byMs }),
    give: (x, pay, reason) => give(w, x, { pay, reason }),
    take: (x, pay) => take(w, x, pay),
    decideBy: (x) => w.deadlines.get(x.id),
  }
}

async function watch(w: Watching, x: Exchange, pay: HeldPay): Promise<number | undefined> {
  const { policy, clock } = w.context
  const state = await nodeOf(w).lookup(pay.hash)
  if (state.kind === 'held') return resting(w, x) ?? hold(w, x, { pay, state })
  w.seen.delete(x.id)
  if (state.kind === 'cancelled' || state.kind === 'absent') return give(w, x, { pay, reason: 'unpaid' })
  if (state.kind === 'unknown') return state.checkAfterMs
  return soonest(policy.watchMs, pay.expiresAt + policy.graceMs - clock.now() + 1)
}

/** How long it has still to rest, or undefined when it has. */
function resting({ context: { policy, clock }, seen }: Watching, x: Exchange): number | undefined {
  const since = seen.get(x.id) ?? clock.now()
  seen.set(x.id, since)
  const left = since + policy.restMs - clock.now()
  if (left > 0) return soonest(policy.watchMs, left)
  seen.delete(x.id)
  return undefined
}

async function hold(w: Watching, x: Exchange, { pay, state }: { pay: HeldPay; state: HeldState }): Promise<number | undefined> {
  const { context } = w
  const { policy, clock } = context
  if (context.secrets.preimageOf(x.id, pay.hash) === undefined) return give(w, x, { pay, reason: 'no_key' })
  const sendBy = state.decideBy - policy.marginMs - x.leg.worstMs
  if (clock.now() > sendBy || state.amount.units < pay.amount.units) return give(w, x, { pay, reason: 'too_late' })
  const excess = money(pay.amount.asset, state.amount.units - pay.amount.units)
  // A node that holds is a rail of its own, and never the book rail.
  const entry = newEntry(context, x.id, heldLegs(x, pay, { rail: nodeOf(w).rail as Exclude<RailName, 'book'>, excess }))
  const data = { decideBy: state.decideBy, excess: toMoneyData(excess), entry: entry.id }
  const fact = toFact({ type: 'exchange.held', id: x.id, at: clock.now(), data })
  const outcome = await submitStep(context, { claims: [once(x.id, 'held', pay.hash)], facts: [fact], entry })
  return outcome === 'declined' ? give(w, x, { pay, reason: 'insufficient_liquidity' }) : undefined
}

async function guard(w: Watching, x: Exchange, { pay, byMs }: { pay: HeldPay; byMs: number }): Promise<number | undefined> {
  const { policy, clock } = w.context
  const state = await nodeOf(w).lookup(pay.hash)
  if (state.kind === 'cancelled' || state.kind === 'absent') return lose(w, x, { pay, state })
  if (state.kind !== 'held') return policy.retryMs
  w.deadlines.set(x.id, state.decideBy)
  return soonest(policy.guardMs, min(state.decideBy - policy.marginMs, byMs) - clock.now())
}

async function give(w: Watching, x: Exchange, o: { pay: HeldPay; reason: ReturnReason | 'unpaid' }): Promise<number | undefined> {
  const { context } = w
  const { pay, reason } = o
  const { policy, clock, log } = context
  const state = await surely(w, pay, await nodeOf(w).cancel(pay.hash))
  // What was taken already comes by the rail's own stream, which ends the exchange.
  if (state.kind === 'settled' && x.held) return policy.retryMs
  if (state.kind === 'unknown') return state.checkAfterMs
  if (state.kind === 'held' || state.kind === 'open') return policy.retryMs
  const legs = [...voidLegs(x, pay), ...fundsBackLegs(x, pay)]
  const fact = toFact({ type: 'exchange.released', id: x.id, at: clock.now(), data: { reason } })
  await submitStep(context, {
    claims: [once(x.id, 'closed', 'released')],
    facts: [fact],
    ...(legs.length > 0 && { entry: newEntry(context, x.id, legs) }),
  })
  w.deadlines.delete(x.id)
  w.seen.delete(x.id)
  if (reason !== 'unpaid') log.warn({ exchange: x.id, reason }, 'the payment of an exchange was given back')
  return undefined
}

async function take(w: Watching, x: Exchange, pay: HeldPay): Promise<number | undefined> {
  const { policy, secrets, log } = w.context
  const preimage = secrets.preimageOf(x.id, pay.hash)
  if (preimage === undefined) {
    log.error({ exchange: x.id }, 'no challenge secret opens a held payment; configure the one it was made with as the previous one')
    return policy.retryMs
  }
  const state = await surely(w, pay, await nodeOf(w).settle(pay.hash, preimage))
  if (state.kind === 'cancelled' || state.kind === 'absent') return lose(w, x, { pay, state })
  // Taken is what the rail's own stream of settlements says; it books the payment.
  return state.kind === 'unknown' ? state.checkAfterMs : policy.retryMs
}

async function lose(w: Watching, x: Exchange, { pay, state }: { pay: HeldPay; state: HoldState }): Promise<undefined> {
  const { context } = w
  const fact = toFact({ type: 'exchange.lost', id: x.id, at: context.clock.now(), data: { state: state.kind } })
  const entry = newEntry(context, x.id, voidLegs(x, pay))
  await submitStep(context, { claims: [once(x.id, 'lost', pay.hash)], facts: [fact], entry })
  w.deadlines.delete(x.id)
  context.log.error({ exchange: x.id, payout: x.leg.payout }, 'the node gave a payment back while its payout may have moved')
}

/** A call whose answer was lost may have worked: the node is asked what stands. */
async function surely(w: Watching, pay: HeldPay, state: HoldState): Promise<HoldState> {
  return state.kind === 'unknown' ? nodeOf(w).lookup(pay.hash) : state
}

function nodeOf({ context: { holds } }: Watching): HoldInvoices {
  invariant(holds, 'an exchange over a held payment has a node that holds')
  return holds
}

/** Never at once: what was asked for a moment ago is not asked for again without a pause. */
const PAUSE_MS_MIN = 50

function soonest(a: number, b: number): number {
  return max(min(a, b), PAUSE_MS_MIN)
}
