import { expect, test } from 'vitest'
import { FUNDS } from '../../test/payout/bankWings.ts'
import { to } from '../../test/payout/payoutWorld.ts'
import { openSuspenseWorld, WHY } from '../../test/payout/suspenseWorld.ts'
import { EUR } from '../money/asset.ts'
import { parseAmount } from '../money/money.ts'

const WAIT = { timeout: 15_000 }
const REASON = { reason: 'the bank has told us on the telephone' }

/** A payout that the bank has taken and never ends. */
async function stuck(euros: string) {
  const w = await openSuspenseWorld()
  w.bank.manner = 'stuck'
  const amount = parseAmount(euros, EUR)
  const { id } = await w.payouts.create({ source: w.source, amount, destinations: [to.iban], reference: 'r', createdBy: 'test' })
  await expect.poll(() => w.payouts.get(id).attempts[0]?.stuck, WAIT).toBe(true)
  const attempt = w.payouts.get(id).attempts[0]!.id
  const end = (body: object, o: Parameters<typeof w.postTo>[2] = {}) => w.postTo(`/v1/payouts/${id}/attempts/${attempt}/outcome`, body, o)
  const ended = () => w.payouts.wait(id, { timeoutMs: 15_000 })
  return { ...w, id, attempt, end, ended, units: amount.units }
}

test('an attempt that its rail never ends is ended as failed by a person, once, and its source has its money again', async () => {
  const w = await stuck('10')
  const body = { outcome: 'failed', ...REASON }
  const first = await w.end(body, { key: 'end-it-once' })
  expect(first).toMatchObject({ status: 201, body: { status: 'booked', what: 'end_attempt', payout: w.id, by: 'operator', ...REASON } })
  const ended = await w.ended()
  expect(ended).toMatchObject({ status: 'failed', attempts: [{ outcome: 'failed', detail: expect.stringContaining(REASON.reason) }] })
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
  expect(await w.ended()).toMatchObject({ status: 'settled', evidence: { id: `proof-${w.attempt}` } })
  expect(w.has(w.source)).toBe(FUNDS - w.units)
  await w.whole()
})
