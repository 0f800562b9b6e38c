import { GatewayError } from '../errors/gatewayError.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { money } from '../money/money.ts'
import type { Claim, Fact } from '../ports/books.ts'
import type { Grounds } from '../suspense/action.ts'
import type { Suspense } from '../suspense/suspense.ts'
import { type Break, difference } from './break.ts'
import type { ReconciliationContext } from './context.ts'
import { type Adjustment, type BreakId, type ResolvedData, toReconciliationFact } from './facts.ts'
import { endOf } from './writeBreak.ts'

/** What becomes durable in the same submission, such as the answer that is kept for a repeat. */
export type AlongBreak = (after: Break) => Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>
export type Resolving = Readonly<{ grounds: Grounds; by: string; along: AlongBreak }>

type Needs = Pick<ReconciliationContext, 'books' | 'clock'> & Readonly<{ suspense: Pick<Suspense, 'ask'> }>

/**
 * Books the entry that makes the ledger follow the rail, through the operator's hands: above what one does alone it waits for a second operator. Throws
 * `break_closed`, `invalid_request` where no entry can be proposed and none is named, and what an adjustment is refused with.
 */
export async function resolveByEntry(c: Needs, one: Break, adjustment: Adjustment | undefined, o: Resolving): Promise<void> {
  const accounts = adjustment ?? one.proposal
  const by = difference(one)
  if (!accounts || !by) {
    throw new GatewayError('invalid_request', `No entry ends ${one.id} by itself`, {
      hint: 'Book what is right, such as with POST /v1/suspense/adjust, and resolve the break as accepted with what shows it.',
    })
  }
  const amount = money(by.asset, by.units < 0n ? -by.units : by.units)
  const at = c.clock.now()
  await c.suspense.ask({ what: 'adjust', debit: accounts.debit, credit: accounts.credit }, amount, o.grounds, {
    by: o.by,
    along(made) {
      const action = made.id as Extract<Break['action'], object>['id'] // The id that the action has been given.
      const booked = made.status === 'booked'
      const data: ResolvedData = { how: 'entry', by: o.by, action }
      const { id } = one
      const fact = booked
        ? toReconciliationFact({ type: 'reconciliation.break_resolved', id, at, data })
        : toReconciliationFact({ type: 'reconciliation.break_asked', id, at, data: { by: o.by, action } })
      const claim = booked
        ? { key: endOf(id), fingerprint: 'entry' }
        : { key: `reconciliation:${id}:asked:${one.turn}`, fingerprint: action }
      const after: Break = booked
        ? { ...one, status: 'resolved', resolution: { ...data, at } }
        : { ...one, status: 'asked', owner: o.by, action: { id: action, status: 'waiting' }, turn: one.turn + 1 }
      const along = o.along(after)
      return { claims: [claim, ...along.claims], facts: [fact, ...along.facts] }
    },
  })
}

/** Gives it to an operator, by name. One that has its end, or waits for a second operator, is nobody's to give. Throws `break_closed`. */
export async function assignBreak(
  c: Pick<Needs, 'books' | 'clock'>,
  one: Break,
  o: Readonly<{ to: string; by: string; along: AlongBreak }>,
) {
  const { to, by } = o
  const at = c.clock.now()
  const along = o.along({ ...one, owner: to, assigned: { by, at } })
  const fact = toReconciliationFact({ type: 'reconciliation.break_assigned', id: one.id, at, data: { by, to } })
  await submitUntilKnown(c.books, { claims: along.claims, facts: [fact, ...along.facts] })
}

/** A person says that nothing is to be booked for it, and why. Throws `break_closed`. */
export async function resolveAccepted(c: Pick<Needs, 'books' | 'clock'>, one: Break, o: Resolving): Promise<void> {
  const { reason, evidence } = o.grounds
  const data: ResolvedData = { how: 'accepted', by: o.by, reason, evidence }
  const at = c.clock.now()
  const along = o.along({ ...one, status: 'resolved', resolution: { ...data, at } })
  const fact = toReconciliationFact({ type: 'reconciliation.break_resolved', id: one.id, at, data })
  const claims = [{ key: endOf(one.id), fingerprint: 'accepted' }, ...along.claims]
  const outcome = await submitUntilKnown(c.books, { claims, facts: [fact, ...along.facts] })
  if (outcome.kind === 'conflict') throw closed(one.id)
}

export function closed(id: BreakId): GatewayError {
  return new GatewayError('break_closed', `${id} was ended or is being ended by another hand`)
}
