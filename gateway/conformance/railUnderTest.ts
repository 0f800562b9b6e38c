import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Money, showMoney } from '../money/money.ts'
import type { Outcome } from '../ports/outcome.ts'
import type { OfferTerms, Receiver } from '../ports/receiver.ts'
import type { Attempt, Destination, Sender } from '../ports/sender.ts'
import type { Statement } from '../ports/statement.ts'

/** A rail as the cases use it; one that takes no money in has no offers. */
type TestedRail = Sender & Statement & Readonly<{ [Name in 'offer' | 'settlements']?: Receiver[Name] | undefined }>

/** Somebody who can be paid, and what has come there since by the other side's own word, in units of the rail's asset. One is used at a time. */
export type TestedPayee = Readonly<{ destination: Destination; got: () => Promise<bigint> }>

/** What not every rail can, or has a way to be shown: the cases of these are run when they are named. */
export type Ability = 'receives' | 'silence' | 'files'

/** A rail with its counterparty, real or simulated. The cases run one after the other in one of these, and pay some twenty times. */
export type RailUnderTest = Readonly<{
  /** As it stands now: another after `reopen`. */
  rail: () => TestedRail
  amount: Money
  /** A payee for one payment of this amount; another each time. */
  payee: (amount: Money) => Promise<TestedPayee>
  /** What can never be paid. */
  malformed: Destination
  /** A payment in good form that the rail, or who is behind it, refuses in so many words. */
  refused: () => Promise<Readonly<{ destination: Destination; amount: Money }>>
  /** Closes the rail and opens it again on what it keeps. */
  reopen: () => Promise<void>
  /** Breaks the rail off from its counterparty, also in the middle of a call, and mends it. It may be a kill. */
  cut: () => Promise<void>
  /** How long the slowest step may take, in ms; a minute unless told. Nothing waits for it when all goes well. */
  patienceMs?: number
  /** `receives`: pays an offer as a customer does, and answers by what the settlement then names it. */
  pay?: (terms: OfferTerms) => Promise<string>
  /** `silence`: from now on the counterparty answers nothing, until what this answers is called. */
  silence?: () => Promise<() => Promise<void>>
  /** `files`: opens the rail anew without what it kept. */
  loseFiles?: () => Promise<void>
}>

/** One case: it resolves, or throws an AssertionError that says what the rail did. */
export type RailCase = Readonly<{ name: string; run: () => Promise<void> }>

const LOOK_MS = 25
const PATIENCE_MS = 60_000

/** Asks until the answer will do. */
export async function eventually<T>(
  w: Pick<RailUnderTest, 'patienceMs'>,
  o: Readonly<{ what: string; ask: () => Promise<T>; until: (answer: T) => boolean }>,
): Promise<T> {
  const { what, ask, until } = o
  for (const end = Date.now() + patienceMs(w); ; ) {
    const answer = await ask()
    if (until(answer)) return answer
    if (Date.now() > end) assert.fail(`${what}; the last answer was ${shown(answer)}`)
    await pause(LOOK_MS)
  }
}

export function patienceMs(w: Pick<RailUnderTest, 'patienceMs'>): number {
  return w.patienceMs ?? PATIENCE_MS
}

/** An attempt as the gateway makes it: announced, and with the limit that the rail's own estimate asks for. */
export async function attemptAt(w: RailUnderTest, destination: Destination, amount = w.amount): Promise<Attempt> {
  const estimate = await w.rail().estimate({ amount, destination })
  if (estimate.kind === 'impossible') assert.fail(`${showMoney(amount)} can be paid, and the estimate says ${shown(estimate)}`)
  return announced(w, { amount, destination, feeMax: estimate.feeMax })
}

/** The same with a limit of one's own. */
export function announced(w: RailUnderTest, terms: Pick<Attempt, 'amount' | 'destination' | 'feeMax'>): Attempt {
  const id = `at_${randomBytes(16).toString('hex')}` as const
  const railKey = w.rail().railKey?.(terms.destination, id)
  return { id, reference: 'conformance', ...terms, ...(railKey === undefined ? {} : { railKey }) }
}

/** Sends it as the gateway does. What a rail throws is a defect: it would not be known whether money left. */
export async function sent(w: RailUnderTest, attempt: Attempt, signal = new AbortController().signal): Promise<Outcome> {
  try {
    return await w.rail().send(attempt, { signal })
  } catch (error) {
    return assert.fail(`send throws, which says nothing about the money: ${String(error)}`)
  }
}

/** What became of it, looked up until it is known. An end that was told stays what it is; of what a rail refused before anything left it may keep nothing. */
export async function endOf(w: RailUnderTest, attempt: Attempt, told: Outcome): Promise<Exclude<Outcome, { kind: 'unknown' }>> {
  const ask = () => w.rail().lookup(attempt.id, attempt)
  const known = await eventually(w, { what: `${attempt.id} gets no end`, ask, until: ({ kind }) => kind !== 'unknown' })
  if (told.kind === 'failed' && known.kind === 'failed' && known.reason === 'never_sent') return told
  if (told.kind !== 'unknown') assert.deepEqual(known, told, 'a look-up says another end than the one that was told')
  if (known.kind === 'unknown') throw new Error('eventually answers what will do')
  return known
}

/** Sends it again, when its end is known. The rail may not be heard just now, but it may not tell another end. */
export async function endsStillSo(w: RailUnderTest, attempt: Attempt, end: Outcome): Promise<void> {
  assert.deepEqual(await endOf(w, attempt, end), end)
  const again = await sent(w, attempt)
  if (again.kind !== 'unknown') assert.deepEqual(again, end, 'an attempt ends otherwise when it is sent again')
}

/** Waits until the payee has this much, and sees that it has no more. */
export async function hasGot(w: RailUnderTest, payee: TestedPayee, units: bigint): Promise<void> {
  const got = await eventually(w, { what: `the payee should have ${units}`, ask: payee.got, until: (now) => now >= units })
  assert.equal(got, units, 'the payee has more than was paid once')
}

/** What the rail holds in its own asset, at all its places, when nothing is on its way. */
export async function restingUnits(w: RailUnderTest): Promise<bigint> {
  const balances = await eventually(w, {
    what: 'something stays on its way',
    ask: () => w.rail().balances(),
    until: (all) => all.every(({ inFlight }) => inFlight.length === 0),
  })
  const { id } = w.rail().asset
  return balances.filter(({ amount }) => amount.asset.id === id).reduce((sum, { amount }) => sum + amount.units, 0n)
}

export function shown(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part))
}
