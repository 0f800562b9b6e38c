import { describe, expect, test } from 'vitest'
import { FUNDS } from '../../test/payout/bankWings.ts'
import { to } from '../../test/payout/payoutWorld.ts'
import { KEYS, openSuspenseWorld, WHY } from '../../test/payout/suspenseWorld.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { EUR } from '../money/asset.ts'
import { parseAmount } from '../money/money.ts'
import type { Leg } from '../ports/books.ts'

const DAY_MS = 86_400_000
const WAIT = { timeout: 15_000 }
const REASON = { reason: 'the bank has told us on the telephone' }

type World = Awaited<ReturnType<typeof openSuspenseWorld>>

/** A payout that the bank has taken and never ends, and its attempt. */
async function stuckIn(w: World, euros: string, source = w.source) {
  w.bank.manner = 'stuck'
  const amount = parseAmount(euros, EUR)
  const { id } = await w.payouts.create({ source, amount, destinations: [to.iban], reference: 'r', createdBy: 'test' })
  await expect.poll(() => w.payouts.get(id).attempts[0]?.stuck, WAIT).toBe(true)
  return { id, attempt: w.payouts.get(id).attempts[0]!.id, amount }
}

async function stuck(euros: string) {
  const w = await openSuspenseWorld()
  const { id, attempt, amount } = await stuckIn(w, euros)
  const end = (body: object, o: Parameters<typeof w.postTo>[2] = {}) => w.postTo(`/v1/payouts/${id}/attempts/${attempt}/outcome`, body, o)
  const ended = () => w.payouts.wait(id, { timeoutMs: 15_000 })
  const seenBy = async (key: string) =>
    (await w.app.inject({ url: `/v1/payouts/${id}`, headers: { authorization: `Bearer ${key}` } })).json()
  return { ...w, id, attempt, end, ended, seenBy, units: amount.units }
}

test('an attempt that its rail never ends is ended as failed by a person, once, and its source has its money again', async () => {
  const w = await stuck('10')
  const body = { outcome: 'failed', ...REASON }
  const first = await w.end(body, { key: 'end-it-once' })
  expect(first).toMatchObject({ status: 201, body: { status: 'booked', what: 'end_attempt', payout: w.id, by: 'operator', ...REASON } })
  const ended = await w.ended()
  expect(ended).toMatchObject({ status: 'failed', attempts: [{ outcome: 'failed', detail: 'ended by hand' }] })
  expect(ended.attempts[0]).toMatchObject({ byHand: { outcome: 'failed', action: first.body.id, by: 'operator', ...REASON } })
  expect((await w.end(body, { key: 'end-it-once' })).body).toEqual(first.body)
  expect(await w.end(body)).toMatchObject({ status: 409, body: { code: 'attempt_not_stuck' } })
  expect([w.has(w.source), w.bank.heard.length]).toEqual([FUNDS, 1])
  await w.whole()
})

test('it is ended as settled only with what shows it, which is then its evidence', async () => {
  const w = await stuck('10')
  expect(await w.end({ outcome: 'settled', ...REASON })).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  expect(await w.end({ outcome: 'settled', ...REASON, evidence: 'B1/DBIT/77' })).toMatchObject({ status: 201 })
  const evidence = { rail: 'bank', id: 'B1/DBIT/77' }
  expect(await w.ended()).toMatchObject({ status: 'settled', evidence, attempts: [{ byHand: { evidence: 'B1/DBIT/77' } }] })
  expect(w.has(w.source)).toBe(FUNDS - w.units)
  await w.whole()
})

test('nobody ends what the rail may still end, and only an operator ends anything', async () => {
  const w = await stuck('10')
  const body = { outcome: 'failed', ...REASON }
  const party = await w.parties.create({ name: 'other' })
  expect(await w.end(body, { bearer: party.apiKey })).toMatchObject({ status: 403 })
  expect(await w.postTo(`/v1/payouts/${w.id}/attempts/at_${'0'.repeat(32)}/outcome`, body)).toMatchObject({ status: 404 })
  w.bank.manner = 'payLater'
  const order = { source: w.source, amount: parseAmount('1', EUR), destinations: [to.iban], reference: 'r', createdBy: 'test' }
  const paid = await w.payouts.create(order)
  expect(await w.payouts.wait(paid.id, { timeoutMs: 15_000 })).toMatchObject({ status: 'settled' })
  const { id } = w.payouts.get(paid.id).attempts[0]!
  expect(await w.postTo(`/v1/payouts/${paid.id}/attempts/${id}/outcome`, body)).toMatchObject({
    status: 409,
    body: { code: 'attempt_not_stuck' },
  })
  expect(w.payouts.get(w.id).status).toBe('outcome_unknown')
})

test('above what one operator does alone a second one agrees', async () => {
  const w = await stuck('49')
  const asked = await w.end({ outcome: 'failed', ...REASON })
  expect(asked).toMatchObject({ status: 202, body: { status: 'waiting' } })
  expect(w.payouts.get(w.id).status).toBe('outcome_unknown')
  const other = await w.end({ outcome: 'settled', ...REASON, evidence: 'B1/DBIT/78' })
  expect(await w.post(`actions/${asked.body.id}/approve`, {})).toMatchObject({ status: 403 })
  expect(await w.post(`actions/${asked.body.id}/approve`, {}, { as: 'anna' })).toMatchObject({ status: 200, body: { approved_by: 'anna' } })
  expect(await w.ended()).toMatchObject({ status: 'failed', attempts: [{ byHand: { by: 'operator', approvedBy: 'anna' } }] })
  expect(await w.post(`actions/${other.body.id}/approve`, {}, { as: 'anna' })).toMatchObject({ status: 409 })
  expect(w.has(w.source)).toBe(FUNDS)
  await w.whole()
})

test('what the rail itself says meanwhile is believed before the person', async () => {
  const w = await stuck('49')
  const asked = await w.end({ outcome: 'failed', ...REASON })
  w.bank.release()
  await w.post(`actions/${asked.body.id}/approve`, WHY, { as: 'anna' })
  const ended = await w.ended()
  expect(ended).toMatchObject({ status: 'settled', evidence: { id: `proof-${w.attempt}` } })
  expect(ended.attempts[0]).toMatchObject({ byHand: { outcome: 'failed', overruled: true } })
  expect((await w.seenBy(w.apiKey)).attempts[0]).not.toHaveProperty('ended_by_hand')
  expect(w.has(w.source)).toBe(FUNDS - w.units)
  await w.whole()
})

test('a party is told that its payout was ended by hand, and none of the words', async () => {
  for (const body of [{ outcome: 'failed' }, { outcome: 'settled', evidence: 'shown by Ms Other of the bank' }]) {
    const w = await stuck('49')
    const asked = await w.end({ ...body, reason: 'a fraud, case 4711 of the police' })
    await w.post(`actions/${asked.body.id}/approve`, {}, { as: 'anna' })
    await w.ended()
    const seen = await w.seenBy(w.apiKey)
    expect(seen).toMatchObject({ status: body.outcome, attempts: [{ outcome: body.outcome, ended_by_hand: true }] })
    expect(JSON.stringify(seen)).not.toMatch(/anna|operator|4711|Other|sa_|by_hand"?:\{/)
    const whole = await w.seenBy(KEYS.operator)
    expect(whole.attempts[0].by_hand).toMatchObject({ by: 'operator', approved_by: 'anna', reason: 'a fraud, case 4711 of the police' })
    expect(whole.attempts[0]).not.toHaveProperty('by_hand.overruled')
  }
})

describe('what one operator ends alone', () => {
  const failed = { outcome: 'failed', ...REASON }

  async function world() {
    const w = await openSuspenseWorld()
    const { party } = await w.parties.create({ name: 'another' })
    const other = accounts.party(party.id)
    const legs = [w.source, other].map((to_): Leg => {
      const [debit, units] = ['rail:bank:account', 500_000_000n]
      return { kind: 'move', debit, credit: to_, asset: EUR, units }
    })
    await w.books.submit({ entry: { id: w.ids.entry(), payment: 'more', legs } })
    const end = ({ id, attempt }: Awaited<ReturnType<typeof stuckIn>>, body: object = failed, as: 'operator' | 'anna' = 'operator') =>
      w.postTo(`/v1/payouts/${id}/attempts/${attempt}/outcome`, body, { as })
    return { ...w, other, end }
  }

  test('is weighed with all that the operator has ended alone within a day', async () => {
    const w = await world()
    const [first, second, third, fourth, fifth] = [
      await stuckIn(w, '20'),
      await stuckIn(w, '20', w.other),
      await stuckIn(w, '20', w.other),
      await stuckIn(w, '20', w.other),
      await stuckIn(w, '20', w.other),
    ]
    expect([(await w.end(first)).status, (await w.end(second)).status]).toEqual([201, 201])
    const asked = await w.end(third)
    expect(asked).toMatchObject({ status: 202, body: { status: 'waiting' } })
    expect(w.payouts.get(third.id).status).toBe('outcome_unknown')
    expect(await w.post(`actions/${asked.body.id}/approve`, {}, { as: 'anna' })).toMatchObject({ status: 200 })
    w.later(DAY_MS)
    expect((await w.end(fourth)).status).toBe(202)
    w.later(1)
    expect((await w.end(fifth)).status).toBe(201)
    await w.whole()
  })

  test('is weighed with all that was ended alone for the same source, by whomever', async () => {
    const w = await world()
    const mine = [await stuckIn(w, '20'), await stuckIn(w, '20'), await stuckIn(w, '20')]
    const others = await stuckIn(w, '20', w.other)
    expect((await w.end(mine[0]!)).status).toBe(201)
    expect((await w.end(mine[1]!, failed, 'anna')).status).toBe(201)
    expect((await w.end(mine[2]!, failed, 'anna')).status).toBe(202)
    expect((await w.end(others, failed, 'anna')).status).toBe(201)
    await w.whole()
  })

  test('is weighed all the same when everything is asked for at once', async () => {
    const w = await world()
    const all = [await stuckIn(w, '20'), await stuckIn(w, '20'), await stuckIn(w, '20'), await stuckIn(w, '20')]
    const answers = await Promise.all(all.map((one) => w.end(one)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 202, 202])
    await w.whole()
  })

  test('one proof ends one attempt of a rail', async () => {
    const w = await world()
    const [first, second] = [await stuckIn(w, '5'), await stuckIn(w, '6')]
    const settled = { outcome: 'settled', ...REASON, evidence: 'B1/DBIT/77' }
    expect((await w.end(first, settled)).status).toBe(201)
    expect(await w.end(second, { ...settled, evidence: ' b1/dbit/77' })).toMatchObject({ status: 409, body: { code: 'suspense_changed' } })
    expect(w.payouts.get(second.id).status).toBe('outcome_unknown')
    expect((await w.end(second, { ...settled, evidence: 'B1/DBIT/78' })).status).toBe(201)
    await w.whole()
  })
})
