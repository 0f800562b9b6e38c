import { expect, onTestFinished, test, vi } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import type { Leg } from '../../gateway/ports/books.ts'
import { fakeRecaller } from '../../test/payout/fakeRecaller.ts'
import { to } from '../../test/payout/payoutWorld.ts'
import { openSuspenseCommand } from '../../test/payout/suspenseCommand.ts'
import { KEYS } from '../../test/payout/suspenseWorld.ts'
import { WrongWords } from './wrongWords.ts'

test('lists what no rail will end with why, and ends it, or says that another operator must agree', async () => {
  const w = await openSuspenseCommand('payouts')
  const why = ['--reason', 'the bank has told us']
  const pay = async (units: bigint) => {
    const amount = { asset: w.suspense.list()[0]!.item.amount.asset, units }
    const order = { source: w.source, amount, destinations: [to.iban], reference: 'r', createdBy: 'test' }
    const { id } = await w.payouts.create(order)
    await expect.poll(() => w.payouts.get(id).attempts[0]?.outcome, { timeout: 15_000 }).toMatch(/unknown|settled/)
    return id
  }
  expect(await w.run('stuck')).toMatchObject({ code: 0, text: 'no payment is stuck' })
  await pay(1_000_000n)
  w.bank.manner = 'stuck'
  const [small, large] = [await pay(2_000_000n), await pay(47_000_000n)]
  const found = await w.run('stuck')
  expect(found.code).toBe(1)
  const [first, second] = [small, large].map((id) => w.payouts.get(id).attempts[0]!.id)
  expect(found.text).toContain(`${large} ${second}  bank  47 EUR`)
  expect(found.text.match(/po_/g)).toHaveLength(2)
  await expect(w.run('end', small, first!, 'settled', ...why)).rejects.toMatchObject({ code: 'invalid_request' })
  expect(await w.run('end', small, first!, 'settled', ...why, '--evidence', 'B1/DBIT/1')).toMatchObject({ code: 0 })
  expect(await w.payouts.wait(small, { timeoutMs: 15_000 })).toMatchObject({ status: 'settled', evidence: { id: 'B1/DBIT/1' } })
  expect(await w.run('end', large, second!, 'failed', ...why)).toMatchObject({
    code: 3,
    text: expect.stringContaining('suspense approve sa_'),
  })
})

test('lists all that are stuck, page by page, and ends nothing with a wrong word', async () => {
  const w = await openSuspenseCommand('payouts')
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  onTestFinished(() => complaints.mockRestore())
  w.bank.manner = 'stuck'
  const amount = { asset: w.suspense.list()[0]!.item.amount.asset, units: 10_000n }
  // One party's fees of a day do not pay for so many.
  const other = accounts.party((await w.parties.create({ name: 'another' })).party.id)
  const legs: Leg[] = [{ kind: 'move', debit: 'rail:bank:account', credit: other, asset: amount.asset, units: 50_000_000n }]
  await w.books.submit({ entry: { id: w.ids.entry(), payment: 'more', legs } })
  const order = { amount, destinations: [to.iban], reference: 'r', createdBy: 'test' }
  const pay = async (_: unknown, n: number) => (await w.payouts.create({ ...order, source: n % 2 === 0 ? w.source : other })).id
  const ids = await Promise.all(Array.from({ length: 103 }, pay))
  const isStuck = (id: string) => w.payouts.get(id).attempts[0]?.stuck === true
  await expect.poll(() => ids.every(isStuck), { timeout: 60_000 }).toBe(true)
  const { code, text } = await w.run('stuck')
  expect(code).toBe(1)
  expect(new Set(text.match(/po_[0-9a-f]+/g))).toEqual(new Set(ids))
  const page = async (query: string) => {
    const headers = { authorization: `Bearer ${KEYS.operator}` }
    return (await w.app.inject({ url: `/v1/payouts?stuck=true${query}`, headers })).json()
  }
  const first = await page('&limit=2')
  expect(first).toMatchObject({ has_more: true, next: first.data[1].id })
  const last = await page(`&limit=100&after=${(await page(`&limit=100&after=${first.next}`)).next}`)
  expect([last.data.length, last.has_more, last.next]).toEqual([1, false, undefined])
  const attempt = w.payouts.get(ids[0]!).attempts[0]!.id
  const done = w.run('end', ids[0]!, attempt, 'done', '--reason', 'why')
  await expect(done).rejects.toThrow(WrongWords)
})

test('asks the bank for a payout back once, and says what it answered', async () => {
  const bank = fakeRecaller()
  const w = await openSuspenseCommand('payouts', [bank.recaller])
  const { asset } = w.suspense.list()[0]!.item.amount
  const { id, attemptId, sent } = await w.paid({ asset, units: 10_000_000n })
  expect(await w.run('recalls', id)).toMatchObject({ code: 0, text: 'it was not asked back' })
  const words = ['recall', id, '--reason', 'CUST', '--details', 'Paid twice', '--id', 'a-key-to-repeat']
  const first = await w.run(...words)
  expect([first.code, first.text]).toEqual([0, expect.stringContaining('CUST  asked')])
  expect((await w.run(...words)).text).toBe(first.text)
  await expect(w.run('recall', id, '--reason', 'DUPL')).rejects.toMatchObject({ code: 'recall_refused' })
  bank.says({ kind: 'refused', at: 1, code: 'NOAS', words: 'the payee does not answer' })
  await expect.poll(async () => (await w.run('recalls', id)).text).toContain('refused (NOAS): the payee does not answer')
  w.stream.tell({ id: 'B9', amount: sent, attemptId, reason: 'FOCR' })
  await expect.poll(async () => (await w.run('recalls', id)).text).toContain('10 EUR came back, though it was refused')
  expect(new Set(bank.heard.map((order) => [order.id, order.details].join()))).toEqual(new Set([`${w.recalls.of(id)[0]?.id},Paid twice`]))
})
