import type { AuthenticatedLnd } from 'lightning'
import { afterEach, expect, test, vi } from 'vitest'
import { NODE_ID } from '../../../../test/lnd/payingLnd.ts'
import { idOf, receivingLnd } from '../../../../test/lnd/receivingLnd.ts'
import { openLndStore } from '../node/store.ts'
import { openReceived, type Received } from './received.ts'
import { rowsAfter, settleIndex } from './settledRows.ts'
import { reachBack } from './sweep.ts'

const open: Received[] = []
afterEach(() => {
  for (const received of open.splice(0)) received.close()
})
async function receivedFrom(lnd: AuthenticatedLnd, store = openLndStore(':memory:')) {
  const received = openReceived({ lnd, store, nodeId: NODE_ID, height: 7, log: () => {} })
  open.push(received)
  await received.place()
  const rows = () => rowsAfter(store, 0n, { seq: 0n, index: 0n }, 100n)
  const ids = () => rows().map(({ paymentHash }) => paymentHash)
  return { received, store, rows, ids }
}

test('a settlement in the gap is told once, though the last word before the cut was of an open invoice', async () => {
  const node = receivingLnd()
  const { ids } = await receivedFrom(node.lnd)
  const [first, second] = [node.add(1, 100), node.add(2, 101)]
  node.settle(first, 1, { heard: true })
  // The client would forget its place here, and never hear of what settles while the stream is down.
  node.tellAdded(second)
  node.breakStream()
  node.settle(second, 2, { heard: false })
  await vi.waitFor(() => expect(ids()).toEqual([idOf(1), idOf(2)]))
  expect(node.askedFrom).toEqual(['now', '1'])
})

test('what LND tells again after a cut is not reported twice', async () => {
  const node = receivingLnd()
  const { ids, received } = await receivedFrom(node.lnd)
  const [first, second] = [node.add(1, 100), node.add(2, 101)]
  node.settle(first, 1, { heard: true })
  node.settle(second, 2, { heard: true })
  received.renew()
  node.settle(first, 1, { heard: true })
  node.settle(second, 2, { heard: true })
  expect(ids()).toEqual([idOf(1), idOf(2)])
})

test('the very first settlement is found by the sweep when nobody heard it', async () => {
  const node = receivingLnd()
  const { ids, received } = await receivedFrom(node.lnd)
  const only = node.add(1, 100)
  node.settle(only, 1, { heard: false })
  // No index is known yet, and LND tells nothing of the past then.
  received.renew()
  await vi.waitFor(() => expect(ids()).toEqual([idOf(1)]))
  expect(node.askedFrom).toEqual(['now', 'now'])
})

test('what had settled before the file was made is not news, on the stream or in the sweep', async () => {
  const node = receivingLnd()
  node.settle(node.add(1, 100), 1, { heard: false })
  const { ids, received } = await receivedFrom(node.lnd)
  node.settle(node.add(2, 200), 2, { heard: true })
  received.renew()
  await vi.waitFor(() => expect(ids()).toEqual([idOf(2)]))
})

test('the next process goes on at the same place, and reports what settled between the two', async () => {
  const node = receivingLnd()
  const { store, received } = await receivedFrom(node.lnd)
  reachBack(store, 3_600_000)
  const [first, second] = [node.add(1, 100), node.add(2, 101)]
  node.settle(first, 7, { heard: true })
  await store.committed()
  received.close()
  node.settle(second, 8, { heard: false })
  const next = await receivedFrom(node.lnd, store)
  await vi.waitFor(() => expect(next.ids()).toEqual([idOf(1), idOf(2)]))
  expect(node.askedFrom).toEqual(['now', '7'])
  expect(next.rows().slice(1)).toMatchObject([{ seq: 2n, amountMsat: 5_000n, preimage: '02'.repeat(32), at: 102_000n }])
})

test('who listens is told of a settlement, once', async () => {
  const node = receivingLnd()
  const { received, ids } = await receivedFrom(node.lnd)
  const told: string[][] = []
  received.onNews(() => told.push(ids()))
  const only = node.add(1, 100)
  node.settle(only, 1, { heard: true })
  node.settle(only, 1, { heard: true })
  expect(told).toEqual([[idOf(1)]])
})

test('what a sweep finds out of order leaves the journal’s cursor behind it until the stream has told the rest', async () => {
  const node = receivingLnd()
  const { received, rows, store } = await receivedFrom(node.lnd)
  const readOn = await received.begin(await received.place())
  const [first, second, third] = [node.add(1, 100), node.add(2, 101), node.add(3, 102)]
  node.settle(first, 1, { heard: true })
  node.settle(third, 3, { heard: false })
  node.settle(second, 2, { heard: false })
  received.renew()
  await vi.waitFor(() => expect([rows().length, settleIndex(store)]).toEqual([3, 3]))
  const found = readOn(100n)
  // Newest first, as a sweep reads: after the third, the second has still to be told.
  const places = found.map(({ row, cursor }) => [row.settleIndex, cursor.split('.')[1]])
  expect(places).toEqual([
    [1n, '1'],
    [3n, '1'],
    [2n, '3'],
  ])
})
