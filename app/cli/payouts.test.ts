import { expect, onTestFinished, test, vi } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import type { Leg } from '../../gateway/ports/books.ts'
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
