import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { attemptAt, endOf, endsStillSo, hasGot, type RailCase, type RailUnderTest, restingUnits, sent, shown } from './railUnderTest.ts'

/** Money out, where an answer is lost: what is not certain is unknown, is looked up, and is never paid again. */
export function doubtCases(world: () => RailUnderTest): RailCase[] {
  return [
    { name: 'a caller who stops waiting hears the end by a look-up, and one payment is made', run: () => stopsWaiting(world()) },
    { name: 'a connection that is cut under a payment leaves one end, and the balance says the same', run: () => cutUnder(world()) },
    { name: 'a rail that is opened again knows what it paid, and does not pay it again', run: () => opensAgain(world()) },
    { name: 'what was sent and never looked up is ended after the rail is opened again', run: () => endsLater(world()) },
  ]
}

/** For the ability `silence`. */
export function silenceCases(world: () => RailUnderTest): RailCase[] {
  return [
    { name: 'while the other side is silent an attempt is unknown and not failed, and ends when it speaks', run: () => silent(world()) },
  ]
}

/** For the ability `files`. */
export function fileCases(world: () => RailUnderTest): RailCase[] {
  return [{ name: 'a rail whose own file was lost pays no attempt again, and calls none of them failed', run: () => lost(world()) }]
}

async function stopsWaiting(w: RailUnderTest): Promise<void> {
  const payee = await w.payee(w.amount)
  const attempt = await attemptAt(w, payee.destination)
  const stop = new AbortController()
  const sending = sent(w, attempt, stop.signal)
  stop.abort()
  const end = await endOf(w, attempt, await sending)
  await hasGot(w, payee, end.kind === 'settled' ? w.amount.units : 0n)
}

async function cutUnder(w: RailUnderTest): Promise<void> {
  const before = await restingUnits(w)
  const payee = await w.payee(w.amount)
  const attempt = await attemptAt(w, payee.destination)
  const sending = sent(w, attempt)
  await turn()
  await w.cut()
  const end = await endOf(w, attempt, await sending)
  await hasGot(w, payee, end.kind === 'settled' ? w.amount.units : 0n)
  // Where the cut came before anything was kept, the same id sent now would be a first payment, which no gateway makes after that word.
  if (end.kind === 'settled' || end.reason !== 'never_sent') await endsStillSo(w, attempt, end)
  await hasGot(w, payee, end.kind === 'settled' ? w.amount.units : 0n)
  const now = await restingUnits(w)
  assert.equal(now <= before - w.amount.units, end.kind === 'settled', `it held ${before}, holds ${now}, and says ${shown(end)}`)
}

async function opensAgain(w: RailUnderTest): Promise<void> {
  const payee = await w.payee(w.amount)
  const attempt = await attemptAt(w, payee.destination)
  const end = await endOf(w, attempt, await sent(w, attempt))
  await w.reopen()
  await endsStillSo(w, attempt, end)
  await hasGot(w, payee, w.amount.units)
}

async function endsLater(w: RailUnderTest): Promise<void> {
  const payee = await w.payee(w.amount)
  const attempt = await attemptAt(w, payee.destination)
  const told = await sent(w, attempt)
  await w.reopen()
  const end = await endOf(w, attempt, told)
  assert.equal(end.kind, 'settled', shown(end))
  await hasGot(w, payee, w.amount.units)
}

async function silent(w: RailUnderTest): Promise<void> {
  assert.ok(w.silence, 'the ability silence needs `silence`')
  const payee = await w.payee(w.amount)
  const attempt = await attemptAt(w, payee.destination)
  const speak = await w.silence()
  const told = await sent(w, attempt, AbortSignal.timeout(500))
  const looked = await w.rail().lookup(attempt.id, attempt)
  await speak()
  assert.equal(told.kind, 'unknown', `nobody answered, and send says ${shown(told)}`)
  assert.equal(looked.kind, 'unknown', `nobody answered, and a look-up says ${shown(looked)}`)
  const end = await endOf(w, attempt, told)
  await hasGot(w, payee, end.kind === 'settled' ? w.amount.units : 0n)
}

async function lost(w: RailUnderTest): Promise<void> {
  assert.ok(w.loseFiles, 'the ability files needs `loseFiles`')
  const payee = await w.payee(w.amount)
  const attempt = await attemptAt(w, payee.destination)
  await endOf(w, attempt, await sent(w, attempt))
  await hasGot(w, payee, w.amount.units)
  await w.loseFiles()
  const looked = await w.rail().lookup(attempt.id, attempt)
  assert.notEqual(looked.kind, 'failed', `the money is gone, and a look-up says ${shown(looked)}`)
  const again = await sent(w, attempt)
  assert.notEqual(again.kind, 'failed', `the money is gone, and send says ${shown(again)}`)
  await hasGot(w, payee, w.amount.units)
}
