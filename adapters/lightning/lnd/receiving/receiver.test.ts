import type { AuthenticatedLnd } from 'lightning'
import { afterEach, expect, test } from 'vitest'
import { BTC } from '../../../../gateway/money/asset.ts'
import type { Settlement } from '../../../../gateway/ports/receiver.ts'
import { NODE_ID } from '../../../../test/lnd/payingLnd.ts'
import { idOf, receivingLnd } from '../../../../test/lnd/receivingLnd.ts'
import { watchClosings } from '../closings/watchClosings.ts'
import { watchCoins } from '../coins/watchCoins.ts'
import { type LndStore, openLndStore } from '../node/store.ts'
import { openReceived, type Received } from './received.ts'
import { createReceiver } from './receiver.ts'

const open: Received[] = []
afterEach(() => {
  for (const received of open.splice(0)) received.close()
})

/** The rail's receiver as one process has it. */
async function receiverOn(lnd: AuthenticatedLnd, store: LndStore = openLndStore(':memory:')) {
  const received = openReceived({ lnd, store, nodeId: NODE_ID, height: 7, log: () => {} })
  open.push(received)
  const clock = { now: () => Date.now() }
  const closings = watchClosings(lnd, store, clock)
  const coins = watchCoins(lnd, store, { height: 7, log: () => {} })
  return { received, receiver: createReceiver({ lnd, store, received, closings, coins, asset: BTC, clock, network: 'regtest' }) }
}

/** The settlements after a cursor of the journal's, until the `last`-th invoice is told. */
async function told(receiver: ReturnType<typeof createReceiver>, after: string, last: number): Promise<Settlement[]> {
  const stop = new AbortController()
  const found: Settlement[] = []
  for await (const settlement of receiver.settlements(after, { signal: stop.signal })) {
    found.push(settlement)
    if (settlement.id === idOf(last)) stop.abort()
  }
  return found
}

test('what settled in the gap is told after the journal’s cursor, with an empty file of the rail', async () => {
  const node = receivingLnd()
  const first = await receiverOn(node.lnd)
  await first.received.place()
  const begun = told(first.receiver, '', 2)
  node.settle(node.add(1, 100), 1, { heard: true })
  node.settle(node.add(2, 101), 2, { heard: true })
  const { cursor } = (await begun)[1]!
  first.received.close()

  node.settle(node.add(3, 102), 3, { heard: false })
  const next = await receiverOn(node.lnd)
  const [missed, ...more] = await told(next.receiver, cursor, 3)
  expect([missed?.id, more]).toEqual([idOf(3), []])
  const later = told(next.receiver, missed!.cursor, 4)
  node.settle(node.add(4, 103), 4, { heard: true })
  // Told again until LND's stream has passed it: the books have claimed it.
  const ids = (await later).map(({ id }) => id).filter((id) => id !== idOf(3))
  expect(ids).toEqual([idOf(4)])
})

test('what settles is told after the journal’s cursor, with an older file of the rail', async () => {
  const node = receivingLnd()
  const first = await receiverOn(node.lnd)
  await first.received.place()
  const begun = told(first.receiver, '', 3)
  for (const n of [1, 2, 3]) node.settle(node.add(n, 100 + n), n, { heard: true })
  const { cursor } = (await begun)[2]!
  first.received.close()

  // The file of a volume that was restored knows of the first alone, and would give its number two to the fourth.
  const older = openLndStore(':memory:')
  const before = receivingLnd()
  const early = await receiverOn(before.lnd, older)
  await early.received.place()
  const known = told(early.receiver, '', 1)
  before.settle(before.add(1, 101), 1, { heard: true })
  await known
  early.received.close()
  const next = await receiverOn(node.lnd, older)
  const later = told(next.receiver, cursor, 4)
  node.settle(node.add(4, 104), 4, { heard: true })
  // What the books know already may come again, and is claimed already; what was capital at the first start may not.
  expect((await later).at(-1)?.id).toBe(idOf(4))
})

test('a cursor of another node is refused, and no offer is made for it', async () => {
  const node = receivingLnd()
  const { receiver, received } = await receiverOn(node.lnd)
  const stop = new AbortController()
  const others = receiver.settlements(`${'03'.repeat(8)}.7.7`, { signal: stop.signal })
  await expect(others[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'rail_misconfigured' })
  const offer = { amount: { asset: BTC, units: 5_000n }, ref: '0x00', expiresAt: Date.now() + 1_000, description: '' } as const
  await expect(receiver.offer(offer)).rejects.toMatchObject({ code: 'rail_misconfigured' })
  expect(received.refusal()).toMatchObject({ code: 'rail_misconfigured' })
})

test('a journal that counts in a file of before goes on in that file, and is refused without it', async () => {
  const node = receivingLnd()
  const old = openLndStore(':memory:')
  old.setMeta('baseline_created_at', '0')
  old.setMeta('settle_index', '2')
  for (const n of [1, 2]) old.write("INSERT INTO received (payment_hash, amount_msat, preimage, at) VALUES (?, 5, 'p', 1)", idOf(n))
  const first = await receiverOn(node.lnd, old)
  const begun = told(first.receiver, '1', 3)
  await first.received.place()
  node.settle(node.add(3, 103), 3, { heard: true })
  expect((await begun).map(({ id, cursor }) => [id, cursor])).toEqual([
    [idOf(2), '2'],
    [idOf(3), `${NODE_ID.slice(0, 16)}.3.7`],
  ])
  const lost = (await receiverOn(node.lnd)).receiver.settlements('1', { signal: new AbortController().signal })
  await expect(lost[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'rail_misconfigured' })
})

test('a channel that closed is told after the height at which the books began, also with an empty file of the rail', async () => {
  const node = receivingLnd()
  node.close({ n: 50, height: 6, sats: 111 })
  const first = await receiverOn(node.lnd)
  const cursor = await first.received.place()
  node.close({ n: 51, height: 9, sats: 4_000 })
  for (const { receiver } of [first, await receiverOn(node.lnd)]) {
    const stop = new AbortController()
    const stream = receiver.settlements(cursor, { signal: stop.signal })[Symbol.asyncIterator]()
    const { value } = await stream.next()
    stop.abort()
    const amount = { asset: BTC, units: 4_000_000n }
    expect(value).toMatchObject({ kind: 'moved', id: `closing ${idOf(51)}:0`, place: 'node', toPlace: 'wallet', amount, cursor })
  }
})
