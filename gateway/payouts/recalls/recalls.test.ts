import { expect, test } from 'vitest'
import { FUNDS, openBankWings } from '../../../test/payout/bankWings.ts'
import { fakeRecaller } from '../../../test/payout/fakeRecaller.ts'
import { to } from '../../../test/payout/payoutWorld.ts'
import { EUR } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { RecallReason } from '../../ports/recaller.ts'

const TEN = money(EUR, 10_000_000n)
const along = () => ({ claims: [], facts: [] })
const refusal = { kind: 'refused', at: 1, code: 'LEGL', words: 'the law forbids it' } as const

async function world() {
  const bank = fakeRecaller()
  const w = await openBankWings(() => ({}), { senders: [], receivers: [], holds: [], recallers: [bank.recaller] })
  const ask = (id: string, reason: RecallReason = 'CUST') => w.recalls.create(id, { reason, by: 'test', along })
  const stands = (id: string) => w.recalls.of(id).map(({ status }) => status)
  return { ...w, says: bank.says, heard: bank.heard, ask, stands }
}

test('money that comes after a refusal is its source’s, and the recall says that it is late', async () => {
  const w = await world()
  const { id, attemptId, sent } = await w.paid(TEN)
  await w.ask(id)
  await expect.poll(() => w.stands(id)).toEqual(['sent'])
  w.says(refusal)
  await expect.poll(() => w.stands(id)).toEqual(['refused'])
  w.stream.tell({ id: 'B9', amount: sent, attemptId, reason: 'FOCR' })
  await expect.poll(() => w.stands(id)).toEqual(['returned'])
  expect(w.recalls.of(id)[0]).toMatchObject({ money: { reason: 'FOCR', late: true }, answers: [{ answer: 'refused', code: 'LEGL' }] })
  expect([w.has(w.source), w.payouts.get(id).status]).toEqual([FUNDS, 'returned'])
})

test('money that comes back for another reason ends the recall as well, and is not late', async () => {
  const w = await world()
  const { id, attemptId, sent } = await w.paid(TEN)
  w.says({ kind: 'accepted', at: 1, words: 'it comes back' })
  await w.ask(id)
  await expect.poll(() => w.stands(id)).toEqual(['accepted'])
  expect(w.has(w.source)).toBe(FUNDS - TEN.units)
  w.stream.tell({ id: 'B9', amount: sent, attemptId, reason: 'AC04' })
  await expect.poll(() => w.stands(id)).toEqual(['returned'])
  expect(w.recalls.of(id)[0]?.money).toEqual({ at: expect.any(String), amount: expect.objectContaining({ amount: '10' }), reason: 'AC04' })
  await expect(w.ask(id)).rejects.toMatchObject({ code: 'recall_refused' })
})

test('a return that nobody asked for is a return, and no recall', async () => {
  const w = await world()
  const { id, attemptId, sent } = await w.paid(TEN)
  w.stream.tell({ id: 'B9', amount: sent, attemptId, reason: 'FOCR' })
  await expect.poll(() => w.payouts.get(id).status).toBe('returned')
  expect([w.has(w.source), w.recalls.of(id)]).toEqual([FUNDS, []])
})

test('what our own rail does not know asks nobody, and may be asked again', async () => {
  const w = await world()
  const { id } = await w.paid(TEN)
  w.says({ kind: 'impossible' })
  await w.ask(id)
  await expect.poll(() => w.stands(id)).toEqual(['refused'])
  expect(w.recalls.of(id)[0]?.answers).toMatchObject([{ answer: 'impossible' }])
  w.says({ kind: 'sent' })
  await w.ask(id)
  await expect.poll(() => w.stands(id)).toEqual(['sent', 'refused'])
})

test('a bank that is closed is asked under the same id until it answers', async () => {
  const w = await world()
  const { id } = await w.paid(TEN)
  w.says('closed')
  const { id: recall } = await w.ask(id)
  await expect.poll(() => w.heard.length, { timeout: 20_000 }).toBe(2)
  expect(w.stands(id)).toEqual(['asked'])
  w.says({ kind: 'pending', at: 1, words: 'wait' })
  await expect.poll(() => w.stands(id), { timeout: 20_000 }).toEqual(['pending'])
  expect(new Set(w.heard.map((order) => order.id))).toEqual(new Set([recall]))
})

test('is refused for what has not left, what is too late, and what is open or was asked before', async () => {
  const w = await world()
  const refused = (id: string, reason: RecallReason, why: string) =>
    expect(w.ask(id, reason)).rejects.toMatchObject({ code: 'recall_refused', shortMessage: expect.stringContaining(why) })
  w.bank.manner = 'refuse'
  const order = { source: w.source, amount: TEN, destinations: [to.iban], reference: '', createdBy: 'test' }
  const { id: failed } = await w.payouts.create(order)
  await w.payouts.wait(failed, { timeoutMs: 20_000 })
  await refused(failed, 'CUST', 'Nothing')
  w.bank.manner = 'pay'
  const { id } = await w.paid(TEN)
  await refused(id, 'TECH', 'too late')
  await w.ask(id)
  await refused(id, 'DUPL', 'already')
  await expect.poll(() => w.stands(id)).toEqual(['sent'])
  w.says(refusal)
  await expect.poll(() => w.stands(id)).toEqual(['refused'])
  await refused(id, 'CUST', 'once')
  await expect(w.ask('po_none')).rejects.toMatchObject({ code: 'not_found' })
  expect(w.has(w.source)).toBe(FUNDS - TEN.units)
})
