import assert from 'node:assert/strict'
import { money } from '../money/money.ts'
import {
  announced,
  attemptAt,
  endOf,
  endsStillSo,
  eventually,
  hasGot,
  patienceMs,
  type RailCase,
  type RailUnderTest,
  restingUnits,
  sent,
  shown,
} from './railUnderTest.ts'

/** Money out, where everybody answers. */
export function payingCases(world: () => RailUnderTest): RailCase[] {
  return [
    { name: 'it takes a good destination, and says in words what is wrong with a bad one', run: () => checks(world()) },
    { name: 'an estimate moves nothing, and its limit has room for its fee', run: () => estimates(world()) },
    { name: 'more than it has is impossible, or above what it says is available', run: () => tooMuch(world()) },
    { name: 'a payment arrives whole, with the rail’s own evidence and fee', run: () => pays(world()) },
    { name: 'a limit below the fee is kept', run: () => keepsLimit(world()) },
    { name: 'one attempt sent three times at once, and again later, pays once', run: () => paysOnce(world()) },
    { name: 'the id of an attempt does not stand for another payment', run: () => idIsTaken(world()) },
    { name: 'a refusal in so many words is told as failed, and stays so', run: () => refuses(world()) },
    { name: 'what was announced and never sent is looked up as never sent', run: () => neverSent(world()) },
    { name: 'what it holds falls by what it paid and what that cost', run: () => balances(world()) },
  ]
}

async function checks(w: RailUnderTest): Promise<void> {
  const rail = w.rail()
  const { destination } = await w.payee(w.amount)
  assert.match(rail.rail, /^[a-z]+(:[a-z0-9-]+)?$/)
  assert.ok(rail.serves.includes(destination.kind), `${rail.rail} serves ${shown(rail.serves)}, and its payee is a ${destination.kind}`)
  assert.equal(w.amount.asset.id, rail.asset.id)
  assert.equal(rail.check(destination), undefined)
  assert.match(rail.check(w.malformed) ?? '', /\w+ \w+/, 'a malformed destination is refused in words')
  assert.match(rail.check({ kind: 'party', party: 'pa_1' }) ?? '', /\w+ \w+/, 'a destination of another rail is refused in words')
  const { feeMax } = await attemptAt(w, destination)
  const wrong = await sent(w, announced(w, { destination: w.malformed, amount: w.amount, feeMax }))
  assert.equal(wrong.kind, 'failed', 'what cannot be paid is refused when it is sent, too')
}

async function estimates(w: RailUnderTest): Promise<void> {
  const before = await restingUnits(w)
  const payee = await w.payee(w.amount)
  const estimate = await w.rail().estimate({ amount: w.amount, destination: payee.destination })
  if (estimate.kind !== 'possible') return assert.fail(shown(estimate))
  const { fee, feeMax, successPpm, secondsToFunds, secondsToFail, available } = estimate
  assert.equal(fee.asset.id, feeMax.asset.id)
  assert.ok(fee.units >= 0n && fee.units <= feeMax.units, `the fee ${fee.units} is above its limit ${feeMax.units}`)
  assert.ok(successPpm >= 0n && successPpm <= 1_000_000n, `a probability of ${successPpm} millionths`)
  assert.ok(secondsToFunds >= 0n && secondsToFail >= 0n)
  assert.equal(available.asset.id, w.rail().asset.id)
  assert.equal(await payee.got(), 0n)
  assert.equal(await restingUnits(w), before)
}

async function tooMuch(w: RailUnderTest): Promise<void> {
  const amount = money(w.amount.asset, 2n * (await restingUnits(w)) + w.amount.units)
  const { destination } = await w.payee(amount)
  const estimate = await w.rail().estimate({ amount, destination })
  if (estimate.kind === 'impossible') assert.equal(estimate.reason, 'insufficient_liquidity')
  else assert.ok(estimate.available.units < amount.units, `${shown(estimate.available)} is said to be available`)
}

async function pays(w: RailUnderTest): Promise<void> {
  const payee = await w.payee(w.amount)
  const attempt = await attemptAt(w, payee.destination)
  const end = await endOf(w, attempt, await sent(w, attempt))
  if (end.kind !== 'settled') return assert.fail(shown(end))
  assert.equal(end.evidence.rail, w.rail().rail)
  assert.ok(end.evidence.id.length > 0, 'the evidence has no id')
  assert.ok(Number.isSafeInteger(end.evidence.at), 'the time of the evidence is in milliseconds')
  assert.ok(end.fee.units >= 0n && end.fee.asset.id === attempt.feeMax.asset.id, `a fee of ${shown(end.fee)}`)
  assert.ok(end.fee.units <= attempt.feeMax.units, `the fee ${end.fee.units} is above the limit ${attempt.feeMax.units}`)
  await hasGot(w, payee, w.amount.units)
}

async function keepsLimit(w: RailUnderTest): Promise<void> {
  const payee = await w.payee(w.amount)
  const { feeMax } = await attemptAt(w, payee.destination)
  const attempt = announced(w, { destination: payee.destination, amount: w.amount, feeMax: money(feeMax.asset, 0n) })
  const end = await endOf(w, attempt, await sent(w, attempt))
  if (end.kind === 'settled') assert.equal(end.fee.units, 0n, 'it took a fee above its limit')
  await hasGot(w, payee, end.kind === 'settled' ? w.amount.units : 0n)
}

async function paysOnce(w: RailUnderTest): Promise<void> {
  const payee = await w.payee(w.amount)
  const attempt = await attemptAt(w, payee.destination)
  const told = await Promise.all([sent(w, attempt), sent(w, attempt), sent(w, attempt)])
  const end = await endOf(w, attempt, told.find(({ kind }) => kind !== 'unknown') ?? told[0])
  assert.equal(end.kind, 'settled')
  told.push(await sent(w, attempt))
  for (const one of told) if (one.kind !== 'unknown') assert.deepEqual(one, end, 'one attempt has two ends')
  await hasGot(w, payee, w.amount.units)
}

async function idIsTaken(w: RailUnderTest): Promise<void> {
  const first = await w.payee(w.amount)
  const attempt = await attemptAt(w, first.destination)
  const end = await endOf(w, attempt, await sent(w, attempt))
  await hasGot(w, first, w.amount.units)
  const second = await w.payee(w.amount)
  await sent(w, { ...attempt, destination: second.destination })
  assert.deepEqual(await w.rail().lookup(attempt.id, attempt), end, 'an attempt’s end is another after its id came again')
  assert.equal(await second.got(), 0n, 'one id has paid two payees')
}

async function refuses(w: RailUnderTest): Promise<void> {
  const before = await restingUnits(w)
  const { destination, amount } = await w.refused()
  const estimate = await w.rail().estimate({ amount, destination })
  const feeMax = estimate.kind === 'possible' ? estimate.feeMax : (await attemptAt(w, (await w.payee(w.amount)).destination)).feeMax
  const attempt = announced(w, { destination, amount, feeMax })
  const end = await endOf(w, attempt, await sent(w, attempt))
  if (end.kind !== 'failed') return assert.fail(shown(end))
  assert.notEqual(end.reason, 'never_sent', 'it was sent, and refused')
  await endsStillSo(w, attempt, end)
  assert.equal(await restingUnits(w), before, 'what was refused has moved money')
}

async function neverSent(w: RailUnderTest): Promise<void> {
  const payee = await w.payee(w.amount)
  const attempt = await attemptAt(w, payee.destination)
  const end = await endOf(w, attempt, { kind: 'unknown', checkAfterMs: 0 })
  assert.equal(end.kind === 'failed' && end.reason, 'never_sent')
  assert.equal(await payee.got(), 0n)
}

async function balances(w: RailUnderTest): Promise<void> {
  const { asset, rail, feesComeBy } = w.rail()
  const before = await restingUnits(w)
  const payee = await w.payee(w.amount)
  const attempt = await attemptAt(w, payee.destination)
  const end = await endOf(w, attempt, await sent(w, attempt))
  if (end.kind !== 'settled') return assert.fail(shown(end))
  const [isOurs, feeMax] = [attempt.feeMax.asset.id === asset.id, attempt.feeMax.units]
  const told = feesComeBy === 'outcome' && isOurs ? end.fee.units : undefined
  const fee = told ?? (isOurs ? await spentOn(w, attempt.id) : 0n)
  assert.ok(fee <= feeMax, `${rail} took ${fee}, and may take ${feeMax}`)
  const what = `it held ${before}, paid ${w.amount.units} and took ${fee}, and holds something else`
  await eventually(w, { what, ask: () => restingUnits(w), until: (now) => now === before - w.amount.units - fee })
  // The other side may count it later than we do, and the next case begins with what it says then.
  await hasGot(w, payee, w.amount.units)
}

/** What the stream of settlements says that an attempt has cost. */
async function spentOn(w: RailUnderTest, id: string): Promise<bigint> {
  const stream = w.rail().settlements?.('', { signal: AbortSignal.timeout(patienceMs(w)) })
  assert.ok(stream, 'fees that come by the stream need a stream')
  for await (const { kind, attemptId, amount } of stream) if (kind === 'spent' && attemptId === id) return amount.units
  return assert.fail(`the stream tells no cost of ${id}`)
}
