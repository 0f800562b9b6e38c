import type { AuthenticatedLnd } from 'lightning'
import { afterEach, expect, test, vi } from 'vitest'
import { idOf, receivingLnd } from '../../../../test/lnd/receivingLnd.ts'
import { openLndStore } from '../node/store.ts'
import { openReceived, type Received, reachBack } from './received.ts'

const open: Received[] = []
afterEach(() => {
  for (const received of open.splice(0)) received.close()
})
async function receivedFrom(lnd: AuthenticatedLnd, store = openLndStore(':memory:')) {
  const received = await openReceived(lnd, store, () => {})
  open.push(received)
  const ids = () => received.after(0n, 100n).map(({ paymentHash }) => paymentHash)
  return { received, store, ids }
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
  expect(next.received.after(1n, 100n)).toMatchObject([{ seq: 2n, amountMsat: 5_000n, preimage: '02'.repeat(32), at: 102_000n }])
})

test('who listens is told when a settlement is durable', async () => {
  const node = receivingLnd()
  const { received, ids } = await receivedFrom(node.lnd)
  const told: string[][] = []
  received.onNews(() => told.push(ids()))
  node.settle(node.add(1, 100), 1, { heard: true })
  expect(told).toEqual([])
  await vi.waitFor(() => expect(told).toEqual([[idOf(1)]]))
})
