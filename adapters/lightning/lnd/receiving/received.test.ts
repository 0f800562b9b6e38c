import { createHash } from 'node:crypto'
import { EventEmitter } from 'node:events'
import type { AuthenticatedLnd } from 'lightning'
import { afterEach, expect, test, vi } from 'vitest'
import { openLndStore } from '../node/store.ts'
import { openReceived, type Received, reachBack } from './received.ts'

type Invoice = { n: number; createdS: number; settleIndex: number }

const hashOf = (n: number) => createHash('sha256').update(Buffer.alloc(32, n)).digest()
const idOf = (n: number) => hashOf(n).toString('hex')

/** An invoice as LND's gRPC tells it. */
function wire({ n, createdS, settleIndex }: Invoice) {
  const settled = settleIndex > 0
  return {
    creation_date: String(createdS),
    description_hash: Buffer.alloc(0),
    expiry: '3600',
    features: {},
    htlcs: [],
    memo: '',
    payment_request: 'lnbcrt',
    payment_addr: Buffer.alloc(32, 9),
    r_hash: hashOf(n),
    r_preimage: Buffer.alloc(32, n),
    value: '5',
    value_msat: '5000',
    amt_paid_msat: settled ? '5000' : '0',
    amt_paid_sat: '5',
    settle_date: String(createdS + 1),
    cltv_expiry: '80',
    settle_index: String(settleIndex),
    add_index: String(n),
    state: settled ? 'SETTLED' : 'OPEN',
    route_hints: [],
    private: false,
    is_keysend: false,
    is_amp: false,
    fallback_addr: '',
  }
}

/** An LND at the level of gRPC's stubs that keeps invoices, and streams that can break. It tells again what settled after the index it is given. */
function lndWithInvoices() {
  const invoices: Invoice[] = []
  const streams: EventEmitter[] = []
  const askedFrom: string[] = []
  const live = () => streams.at(-1)!
  const lnd = {
    default: {
      subscribeInvoices: ({ settle_index }: { settle_index?: string }) => {
        const stream = Object.assign(new EventEmitter(), { cancel: () => undefined })
        streams.push(stream)
        askedFrom.push(settle_index ?? 'now')
        const missed = settle_index === undefined ? [] : invoices.filter((i) => i.settleIndex > Number(settle_index))
        setImmediate(() => {
          for (const invoice of missed) stream.emit('data', wire(invoice))
        })
        return stream
      },
      listInvoices: (_: object, done: (error: unknown, found: object) => void) => {
        const newestLast = [...invoices].sort((a, b) => a.createdS - b.createdS)
        done(null, { invoices: newestLast.map(wire), first_index_offset: '1', last_index_offset: String(invoices.length) })
      },
    },
  } as unknown as AuthenticatedLnd // Only what these tests reach.
  const add = (n: number, createdS: number): Invoice => {
    const invoice = { n, createdS, settleIndex: 0 }
    invoices.push(invoice)
    return invoice
  }
  const settle = (invoice: Invoice, index: number, o: { heard: boolean }) => {
    invoice.settleIndex = index
    if (o.heard) live().emit('data', wire(invoice))
  }
  const tellAdded = (invoice: Invoice) => live().emit('data', wire(invoice))
  return { lnd, add, settle, tellAdded, askedFrom, breakStream: () => live().emit('error', { code: 14, details: 'Connection dropped' }) }
}

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
  const node = lndWithInvoices()
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
  const node = lndWithInvoices()
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
  const node = lndWithInvoices()
  const { ids, received } = await receivedFrom(node.lnd)
  const only = node.add(1, 100)
  node.settle(only, 1, { heard: false })
  // No index is known yet, and LND tells nothing of the past then.
  received.renew()
  await vi.waitFor(() => expect(ids()).toEqual([idOf(1)]))
  expect(node.askedFrom).toEqual(['now', 'now'])
})

test('what had settled before the file was made is not news, on the stream or in the sweep', async () => {
  const node = lndWithInvoices()
  node.settle(node.add(1, 100), 1, { heard: false })
  const { ids, received } = await receivedFrom(node.lnd)
  node.settle(node.add(2, 200), 2, { heard: true })
  received.renew()
  await vi.waitFor(() => expect(ids()).toEqual([idOf(2)]))
})

test('the next process goes on at the same place, and reports what settled between the two', async () => {
  const node = lndWithInvoices()
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
  const node = lndWithInvoices()
  const { received, ids } = await receivedFrom(node.lnd)
  const told: string[][] = []
  received.onNews(() => told.push(ids()))
  node.settle(node.add(1, 100), 1, { heard: true })
  expect(told).toEqual([])
  await vi.waitFor(() => expect(told).toEqual([[idOf(1)]]))
})
