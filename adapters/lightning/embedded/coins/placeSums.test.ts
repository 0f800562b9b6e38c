import { afterEach, expect, test } from 'vitest'
import { forgetBlocksAbove, knownHash, REORG_DEPTH_MAX, rememberBlock } from '../ldk/knownBlocks.ts'
import { type NodeStore, openNodeStore } from '../ldk/nodeStore.ts'
import { eventsAfter, lastEventSeq, recordEvent, recordPlaceEvent } from '../payments/nodeEvents.ts'
import { recordClosed, recordOpened, unresolvedClosings, wasClosed } from './closings.ts'
import { bookedMsat } from './placeSums.ts'

const stores: NodeStore[] = []
afterEach(() => {
  for (const store of stores.splice(0)) store.close()
})
function open(): NodeStore {
  const store = openNodeStore(':memory:')
  stores.push(store)
  return store
}
const payment = (n: number) => ({ paymentHash: `h${n}`, preimage: 'x', at: n })

test('the books of a place are all that came less all that went', () => {
  const store = open()
  recordOpened(store, 'a', 10_000n, 1)
  recordOpened(store, 'b', 500n, 1)
  recordEvent(store, { ...payment(1), kind: 'received', amountMsat: 700n, feeMsat: 0n })
  recordEvent(store, { ...payment(2), kind: 'sent', amountMsat: 200n, feeMsat: 3n })
  expect(bookedMsat(store, 'node')).toBe(10_997n)
  recordPlaceEvent(store, { kind: 'moved', id: '1', place: 'node', toPlace: 'closing', amountMsat: 10_497n, at: 2 })
  recordPlaceEvent(store, { kind: 'spent', id: '1', place: 'closing', amountMsat: 97n, at: 3 })
  recordPlaceEvent(store, { kind: 'moved', id: '2', place: 'closing', toPlace: 'wallet', amountMsat: 10_000n, at: 3 })
  recordPlaceEvent(store, { kind: 'received', id: '3', place: 'closing', amountMsat: 1n, at: 4 })
  expect([bookedMsat(store, 'node'), bookedMsat(store, 'closing'), bookedMsat(store, 'wallet')]).toEqual([500n, 401n, 10_000n])
  expect(lastEventSeq(store)).toBe(8n)
})

test('a channel is opened once, whatever LDK says twice, and nothing moves that is not there', () => {
  const store = open()
  recordOpened(store, 'a', 10n, 1)
  recordOpened(store, 'a', 99n, 2)
  expect(bookedMsat(store, 'node')).toBe(10n)
  recordOpened(store, 'empty on our side', 0n, 2)
  expect(eventsAfter(store, ['funded'], 0n, 9n)).toMatchObject([{ id: 'a', place: 'node', amountMsat: 10n }])
  expect(() => recordPlaceEvent(store, { kind: 'spent', id: '1', place: 'closing', amountMsat: 0n, at: 1 })).toThrow(/invariant/)
  expect([wasClosed(store, 'a'), unresolvedClosings(store)]).toEqual([false, 0n])
  recordClosed(store, 'a', 'HolderForceClosed', 3)
  expect([wasClosed(store, 'a'), unresolvedClosings(store)]).toEqual([true, 1n])
})

test('blocks are remembered as far as a reorganisation may reach, and forgotten when they are replaced', () => {
  const store = open()
  for (let height = 0; height <= 20; height++) rememberBlock(store, height, Uint8Array.of(height))
  expect(knownHash(store, 20 - REORG_DEPTH_MAX)).toEqual(Uint8Array.of(15))
  expect(knownHash(store, 19 - REORG_DEPTH_MAX)).toBeUndefined()
  forgetBlocksAbove(store, 17)
  rememberBlock(store, 18, Uint8Array.of(88))
  expect([knownHash(store, 18), knownHash(store, 19)]).toEqual([Uint8Array.of(88), undefined])
})
