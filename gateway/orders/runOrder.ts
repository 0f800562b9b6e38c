import type { Approvals } from '../approvals/approvals.ts'
import type { ErrorCode } from '../errors/catalog.ts'
import { type GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { type Money, money, showMoney } from '../money/money.ts'
import type { Payouts } from '../payouts/payout/payouts.ts'
import type { Books, Fact } from '../ports/books.ts'
import type { Clock } from '../ports/clock.ts'
import { saidMetadata } from '../ports/metadata.ts'
import { type OrderFact, toOrderFact } from './facts.ts'
import { dueOf, payoutOfSlot, type StandingOrder, slotClaim } from './order.ts'

/** Whoever takes of the balance between a look and the hold makes an order look again, so often. */
const LOOKS_MAX = 3
/** Says nothing about the order: it runs a little later, in the same slot. */
const LATER: readonly ErrorCode[] = ['too_busy', 'ledger_unavailable', 'outcome_unknown']

export type RunParts = Readonly<{
  books: Books
  clock: Clock
  payouts: Pick<Payouts, 'create'>
  approvals: Pick<Approvals, 'ask' | 'limits'>
}>

/** `later`: nothing is known of this slot yet. */
type RunEnd = 'done' | 'later'

/**
 * The one run of a slot: a payout, or that it was asked for, or that there was nothing to pay, or why it was refused. Each takes the slot's claim in its own
 * commit, so that a slot that was cut off anywhere is run again and comes to one of them.
 */
export async function runOrder(c: RunParts, order: StandingOrder, slot: number): Promise<RunEnd> {
  for (let look = 1; ; look++) {
    const due = dueOf(order.terms, freeOf(c, order))
    if (due.kind === 'nothing') return skip(c, order, slot)
    if (due.kind === 'short') return fail(c, order, { slot, code: 'insufficient_balance', detail: shortWords(c, order, due.amount) })
    try {
      await pay(c, order, { slot, amount: due.amount })
      return 'done'
    } catch (error) {
      if (!isGatewayError(error)) throw error
      // Another process has run this slot.
      if (error.code === 'idempotency_key_reused') return 'done'
      if (isOneOf(error, LATER)) return 'later'
      if (error.code === 'insufficient_balance' && look < LOOKS_MAX) continue
      return fail(c, order, { slot, code: error.code, detail: error.shortMessage })
    }
  }
}

function isOneOf({ code }: GatewayError, codes: readonly string[]): boolean {
  return codes.includes(code)
}

function freeOf({ books }: RunParts, { party, terms: { keep } }: StandingOrder): bigint {
  const { creditsPosted, debitsPosted, debitsPending } = books.balance(accounts.party(party), keep.asset)
  return creditsPosted - debitsPosted - debitsPending
}

function shortWords(c: RunParts, order: StandingOrder, amount: Money): string {
  const { keep, feeMax } = order.terms
  const free = money(keep.asset, freeOf(c, order))
  const besides = money(keep.asset, keep.units + feeMax.units)
  return `${showMoney(free)} are free, and ${showMoney(amount)} are to be paid with ${showMoney(besides)} besides`
}

type Paying = Readonly<{ slot: number; amount: Money }>

/** The payout and the run are one commit. Above a limit the money is held and another person asked, in one commit too. */
async function pay(c: RunParts, order: StandingOrder, { slot, amount }: Paying): Promise<void> {
  const { id, party, hand, destination, reference, terms } = order
  const about = { reference, ...saidMetadata(order.metadata) }
  const payout = payoutOfSlot(order, slot)
  const source = accounts.party(party)
  const claims = [{ key: slotClaim(id, slot), fingerprint: payout }]
  const ran = (waits: boolean) =>
    factOf(c, order, {
      type: 'standing_order.ran',
      data: { slot, payout, units: amount.units.toString(), ...(waits ? { waits } : {}) },
    })
  const weighed = c.approvals.limits.weigh(party, amount)
  if (weighed.needs.length > 0) {
    const { needs, why } = weighed
    const asked = { payout, source, destinations: [destination], ...about, feeMax: terms.feeMax.units.toString() }
    const request = JSON.stringify({ standing_order: id })
    const wish = {
      hand,
      what: 'standing order',
      fingerprint: payout,
      request,
      why,
      needs,
      party,
      amount,
      order: asked,
      keep: terms.keep.units,
    }
    return c.approvals.ask(wish, () => ({ claims, facts: [ran(true)] }))
  }
  const spared = c.approvals.limits.spare(party, weighed)
  try {
    const wanted = { id: payout, source, amount, destinations: [destination], ...about, createdBy: hand.by, feeMax: terms.feeMax.units }
    await c.payouts.create({ ...wanted, keep: terms.keep.units, along: () => ({ claims, facts: [ran(false), ...spared.facts] }) })
  } finally {
    spared.done()
  }
}

/** An order that looks every hour says nothing of the hours in which there was nothing. */
async function skip(c: RunParts, order: StandingOrder, slot: number): Promise<RunEnd> {
  if (order.schedule.every === 'hour') return 'done'
  return record(c, order, slot, { type: 'standing_order.skipped', data: { slot } })
}

function fail(c: RunParts, order: StandingOrder, data: Readonly<{ slot: number; code: string; detail: string }>): Promise<RunEnd> {
  return record(c, order, data.slot, { type: 'standing_order.failed', data })
}

async function record(c: RunParts, order: StandingOrder, slot: number, said: Saying): Promise<RunEnd> {
  const claims = [{ key: slotClaim(order.id, slot), fingerprint: said.type }]
  try {
    await submitUntilKnown(c.books, { claims, facts: [factOf(c, order, said)] })
    return 'done'
  } catch (error) {
    if (isGatewayError(error) && isOneOf(error, LATER)) return 'later'
    throw error
  }
}

type SayingOf<F> = F extends OrderFact ? Pick<F, 'type' | 'data'> : never
type Saying = SayingOf<OrderFact>

function factOf({ clock }: RunParts, { id }: StandingOrder, said: Saying): Fact {
  return toOrderFact({ ...said, id, at: clock.now() } as OrderFact) // Its type and its data belong together.
}
