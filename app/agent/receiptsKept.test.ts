import { expect, test } from 'vitest'
import { memoryStore } from '../../gateway/client/budget/memoryStore.ts'
import { receiptOf } from '../../gateway/client/paidReceipt.ts'
import { usd } from '../../gateway/money/dollars.ts'
import { createReceipts } from './receiptsKept.ts'

test('a payment whose proof was shown again is listed once', async () => {
  const receipts = createReceipts(memoryStore(), () => 0)
  const bid = { offer: 'x402', rail: 'evm:1' as const, cost: usd('1'), amount: usd('1'), payee: '0xaa' }
  const paid = (proof: string) => receiptOf(bid, { url: 'https://a.example/', proof, response: new Response('') })
  for (const receipt of [paid('one'), paid('two'), paid('one')]) await receipts.add(receipt)
  expect(await receipts.newest(10)).toEqual([expect.objectContaining({ proof: 'two' }), expect.objectContaining({ proof: 'one' })])
})
