import { expect, test } from 'vitest'
import { FUNDS, openBankWings } from '../../test/payout/bankWings.ts'
import { to, USDC } from '../../test/payout/payoutWorld.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { EUR } from '../money/asset.ts'
import { money, parseAmount } from '../money/money.ts'
import type { Leg } from '../ports/books.ts'

test('a payout that the bank returns is given back to its source, and says so', async () => {
  const w = await openBankWings()
  const { id, attemptId, sent } = await w.paid(money(EUR, 10_000_000n))
  expect(w.has(w.source)).toBe(FUNDS - 10_000_000n)
  w.stream.tell({ id: 'B9/CRDT/10000000', amount: sent, attemptId, reference: 'at9', reason: 'AC01' })
  await expect.poll(() => w.payouts.get(id).status).toBe('returned')
  expect(w.has(w.source)).toBe(FUNDS)
  expect(w.payouts.get(id)).toMatchObject({ returned: { reason: 'AC01', amount: { amount: '10', code: 'EUR' } } })
  expect(w.payins.settlements.unmatched()).toEqual([])
  expect(w.has('suspense:bank')).toBe(0n)
})

test('what the bank keeps of a return is missing, and no second return is credited', async () => {
  const w = await openBankWings()
  const { id, attemptId } = await w.paid(money(EUR, 10_000_000n))
  w.stream.tell({ id: 'B9', amount: money(EUR, 9_500_000n), attemptId })
  await expect.poll(() => w.has(w.source)).toBe(FUNDS - 500_000n)
  w.stream.tell({ id: 'B10', amount: money(EUR, 9_500_000n), attemptId })
  await expect.poll(() => w.payins.settlements.unmatched().length).toBe(1)
  expect(w.has(w.source)).toBe(FUNDS - 500_000n)
  expect(w.payouts.get(id)).toMatchObject({ status: 'returned', returned: { amount: { amount: '9.5' } } })
})

test('a payout in parts says what of it is paid when some come back, before its end and after it, and of which all did', async () => {
  const w = await openBankWings()
  const { estimate } = w.bank
  w.bank.estimate = async (query) =>
    query.amount.units > 4_000_000n
      ? { kind: 'impossible', reason: 'rejected_by_rail', detail: '4 EUR at most', upTo: money(EUR, 4_000_000n), again: true }
      : estimate(query)
  // Of the last one it says nothing for a while.
  const { send, lookup } = w.bank
  let [sent, silent] = [0, true]
  w.bank.send = (attempt, o) => {
    w.bank.manner = ++sent === 3 ? 'paySilently' : 'pay'
    return send(attempt, o)
  }
  w.bank.lookup = async (id) => (silent ? { kind: 'unknown', checkAfterMs: 1 } : lookup(id))
  const order = {
    source: w.source,
    amount: money(EUR, 10_000_000n),
    destinations: [to.iban],
    reference: '',
    createdBy: 'test',
    partsMax: 4,
  }
  const { id } = await w.payouts.create(order)
  await expect.poll(() => w.payouts.get(id).parts?.length).toBe(3)
  const parts = w.payouts.get(id).parts!.map((part) => part.id)
  const attempts = () => parts.map((part) => w.payouts.get(part).attempts[0]?.id)
  const states = () => parts.map((part) => w.payouts.get(part).status).toSorted()
  await expect.poll(states).toEqual(['outcome_unknown', 'settled', 'settled'])
  const amounts = parts.map((part) => w.payouts.get(part).amount.amount)
  const back = (n: number) => w.stream.tell({ id: `B${n}`, amount: parseAmount(amounts[n]!, EUR), attemptId: attempts()[n]! })
  const open = parts.findIndex((part) => w.payouts.get(part).status === 'outcome_unknown')
  const [first, second] = [0, 1, 2].filter((n) => n !== open) as [number, number]
  back(first)
  await expect.poll(() => w.payouts.get(parts[first]!).status).toBe('returned')
  expect(w.payouts.get(id)).toMatchObject({ status: 'outcome_unknown' })
  silent = false
  const left = (...gone: number[]) => `${10 - gone.reduce((sum, n) => sum + Number.parseInt(amounts[n]!, 10), 0)}`
  expect(await w.payouts.wait(id, { timeoutMs: 20_000 })).toMatchObject({ status: 'partly_settled', paid: { amount: left(first) } })
  back(second)
  await expect.poll(() => w.payouts.get(id).paid?.amount).toBe(left(first, second))
  back(open)
  await expect.poll(() => w.payouts.get(id)).toMatchObject({ status: 'returned', paid: { amount: '0' } })
  expect(w.has(w.source)).toBe(FUNDS)
})

test('what was converted goes back at the rate at which it went', async () => {
  const w = await openBankWings()
  const { attemptId, sent } = await w.paid(money(USDC, 11_000_000n))
  expect(w.has(w.source, USDC)).toBe(FUNDS - 11_000_000n)
  w.stream.tell({ id: 'B9', amount: sent, attemptId })
  await expect.poll(() => w.has(w.source, USDC)).toBe(FUNDS)
  expect(w.has(accounts.fx(EUR, USDC), EUR)).toBe(FUNDS)
})

test('where the liquidity is gone meanwhile, a return is credited in the asset in which it came', async () => {
  const w = await openBankWings()
  const { id, attemptId, sent } = await w.paid(money(USDC, 11_000_000n))
  const fx = accounts.fx(EUR, USDC)
  const gone: Leg = { kind: 'move', debit: fx, credit: 'capital:operator', asset: USDC, units: w.has(fx, USDC) }
  await w.books.submit({ entry: { id: w.ids.entry(), payment: 'gone', legs: [gone] } })
  w.stream.tell({ id: 'B9', amount: sent, attemptId })
  await expect.poll(() => w.payouts.get(id).status).toBe('returned')
  expect([w.has(w.source, USDC), w.has(w.source, EUR)]).toEqual([FUNDS - 11_000_000n, FUNDS + sent.units])
})

test('a return that the bank tells of before its payout is known to be paid waits for that', async () => {
  const w = await openBankWings()
  w.bank.manner = 'paySilently'
  const { id } = await w.payouts.create({
    source: w.source,
    amount: money(EUR, 10_000_000n),
    destinations: [to.iban],
    reference: '',
    createdBy: 'test',
  })
  await expect.poll(() => w.bank.paid.length).toBe(1)
  const { id: attemptId, amount } = w.bank.paid[0]!
  w.stream.tell({ id: 'B9', amount, attemptId })
  await expect.poll(() => w.payouts.get(id).status, { timeout: 20_000 }).toBe('returned')
  expect(w.has(w.source)).toBe(FUNDS)
})

test('a return of what the books never saw leave is nobody’s until a person decides', async () => {
  const w = await openBankWings()
  w.bank.manner = 'refuse'
  const order = { source: w.source, amount: money(EUR, 10_000_000n), destinations: [to.iban], reference: '', createdBy: 'test' }
  const { id } = await w.payouts.create(order)
  expect(await w.payouts.wait(id, { timeoutMs: 20_000 })).toMatchObject({ status: 'failed' })
  w.stream.tell({ id: 'B9', amount: order.amount, attemptId: w.bank.heard[0]! })
  await expect.poll(() => w.payins.settlements.unmatched().length).toBe(1)
  expect([w.has(w.source), w.has('suspense:bank')]).toEqual([FUNDS, 10_000_000n])
})

test('a return of much less than was paid ends no payout, and leaves the true one its place', async () => {
  const w = await openBankWings()
  const { id, attemptId, sent } = await w.paid(money(EUR, 10_000_000n))
  w.stream.tell({ id: 'B9', amount: money(EUR, 10_000n), attemptId })
  await expect.poll(() => w.payins.settlements.unmatched().length).toBe(1)
  expect([w.payouts.get(id).status, w.has(w.source)]).toEqual(['settled', FUNDS - 10_000_000n])
  w.stream.tell({ id: 'B10', amount: sent, attemptId, reason: 'AC04' })
  await expect.poll(() => w.payouts.get(id).status).toBe('returned')
  expect(w.has(w.source)).toBe(FUNDS)
})

test('returns that name a stuck payout hold nothing up', async () => {
  const w = await openBankWings()
  w.bank.manner = 'stuck'
  const order = { source: w.source, amount: money(EUR, 10_000_000n), destinations: [to.iban], reference: 'r', createdBy: 'test' }
  const { id } = await w.payouts.create(order)
  await expect.poll(() => w.payouts.get(id).attempts[0]?.stuck, { timeout: 20_000 }).toBe(true)
  const attemptId = w.payouts.get(id).attempts[0]!.id
  for (const n of ['1', '2', '3']) w.stream.tell({ id: `B${n}`, amount: money(EUR, 10_000n), attemptId })
  w.stream.tell({ id: 'honest', amount: money(EUR, 5_000_000n) })
  await expect.poll(() => w.payins.settlements.unmatched().length, { timeout: 25_000 }).toBe(4)
})

test('a transfer whose payer names a payout waits for a person, who sees which', async () => {
  const w = await openBankWings()
  const { id, attemptId } = await w.paid(money(EUR, 10_000_000n))
  w.stream.tell({ id: 'B9', amount: money(EUR, 10_000_000n), namesAttempt: attemptId })
  await expect.poll(() => w.payins.settlements.unmatched()).toMatchObject([{ note: expect.stringContaining(attemptId) }])
  expect(w.payouts.get(id).status).toBe('settled')
})
