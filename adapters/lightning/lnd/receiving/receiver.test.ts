import type { AuthenticatedLnd } from 'lightning'
import { afterEach, expect, test } from 'vitest'
import { BTC } from '../../../../gateway/money/asset.ts'
import type { Settlement } from '../../../../gateway/ports/receiver.ts'
import { idOf, receivingLnd } from '../../../../test/lnd/receivingLnd.ts'
import { type LndStore, openLndStore } from '../node/store.ts'
import { openReceived, type Received } from './received.ts'
import { createReceiver } from './receiver.ts'

const open: Received[] = []
afterEach(() => {
  for (const received of open.splice(0)) received.close()
})

/** The rail's receiver as one process has it. */
async function receiverOn(lnd: AuthenticatedLnd, store: LndStore = openLndStore(':memory:')) {
  const received = await openReceived(lnd, store, () => {})
  open.push(received)
  const clock = { now: () => Date.now() }
  return { received, receiver: createReceiver({ lnd, store, received, asset: BTC, clock, network: 'regtest' }) }
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
  const begun = told(first.receiver, '', 2)
  node.settle(node.add(1, 100), 1, { heard: true })
  node.settle(node.add(2, 101), 2, { heard: true })
  const { cursor } = (await begun)[1]!
  first.received.close()

  node.settle(node.add(3, 102), 3, { heard: false })
  const next = await receiverOn(node.lnd)
  const later = told(next.receiver, cursor, 4)
  node.settle(node.add(4, 103), 4, { heard: true })
  expect((await later).map(({ id }) => id)).toEqual([idOf(3), idOf(4)])
})

test('what settles is told after the journal’s cursor, with an older file of the rail', async () => {
  const node = receivingLnd()
  const first = await receiverOn(node.lnd)
  const begun = told(first.receiver, '', 3)
  for (const n of [1, 2, 3]) node.settle(node.add(n, 100 + n), n, { heard: true })
  const { cursor } = (await begun)[2]!
  first.received.close()

  // The file of a volume that was restored knows of the first alone, and would give its number two to the fourth.
  const older = openLndStore(':memory:')
  const before = receivingLnd()
  const early = await receiverOn(before.lnd, older)
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
