import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import { attemptById, attemptForHash, pendingCount, recordFailed, recordPending, recordSettled } from '../payments/attempts.ts'
import { eventsAfter, isClaimed, recordClaim, recordEvent } from '../payments/nodeEvents.ts'
import { type NodeStore, openNodeStore } from './nodeStore.ts'

const folders: string[] = []
const stores: NodeStore[] = []
afterEach(() => {
  for (const store of stores.splice(0)) store.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
function file(): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-node-'))
  folders.push(folder)
  return join(folder, 'node.db')
}
function open(path = ':memory:'): NodeStore {
  const store = openNodeStore(path)
  stores.push(store)
  return store
}
const attempt = { id: 'at_1', paymentId: 'p1', paymentHash: 'h1', amountMsat: 5n, at: 1 }
const bytes = (n: number) => Uint8Array.of(n)

test('what was not committed is gone, all of it, when the file is opened again', () => {
  const path = file()
  const first = open(path)
  recordClaim(first, { paymentHash: 'kept', amountMsat: 1n, at: 1 })
  first.commit()
  recordClaim(first, { paymentHash: 'lost', amountMsat: 1n, at: 1 })
  recordPending(first, attempt)
  stores.pop()?.close()
  const second = open(path)
  expect([isClaimed(second, 'kept'), isClaimed(second, 'lost'), attemptById(second, 'at_1')]).toEqual([true, false, undefined])
})

test('a full copy of a monitor replaces the updates before it and not those of another channel', () => {
  const store = open()
  const update = (channel: string, n: number) => ({ channel, full: false, data: bytes(n) })
  store.writeMonitors([{ channel: 'a', full: true, data: bytes(1) }, update('a', 2), update('b', 3)], [])
  store.writeMonitors([{ channel: 'a', full: true, data: bytes(4) }, update('a', 5)], [])
  expect(store.statement('SELECT channel, data FROM monitor_updates ORDER BY seq').all()).toEqual([
    { channel: 'b', data: bytes(3) },
    { channel: 'a', data: bytes(5) },
  ])
  expect(store.statement('SELECT data FROM monitors').all()).toEqual([{ data: bytes(4) }])
})

test('an attempt that settled cannot become failed, and one that failed settles when the money did leave', () => {
  const store = open()
  recordPending(store, attempt)
  expect([pendingCount(store), attemptForHash(store, 'h1')?.id]).toEqual([1n, 'at_1'])
  recordFailed(store, 'p1', { reason: 'no_route', detail: 'none', at: 2 })
  expect([attemptById(store, 'at_1')?.state, attemptForHash(store, 'h1')]).toEqual(['failed', undefined])
  recordSettled(store, 'p1', { paymentHash: 'h1', preimage: 'x', feeMsat: 3n, at: 3 })
  recordFailed(store, 'p1', { reason: 'no_route', detail: 'none', at: 4 })
  expect(attemptById(store, 'at_1')).toMatchObject({ state: 'settled', preimage: 'x', feeMsat: 3n, reason: undefined, endedAt: 3n })
})

test('money that moved is recorded once for each kind and hash, in order', () => {
  const store = open()
  const event = { kind: 'received', paymentHash: 'h', amountMsat: 5n, feeMsat: 0n, preimage: 'x', at: 1 } as const
  for (const paymentHash of ['h', 'i', 'h']) recordEvent(store, { ...event, paymentHash })
  recordEvent(store, { ...event, kind: 'sent' })
  expect(eventsAfter(store, ['received'], 0n, 10n).map(({ seq, id }) => [seq, id])).toEqual([
    [1n, 'h'],
    [2n, 'i'],
  ])
  expect(eventsAfter(store, ['received'], 1n, 10n)).toHaveLength(1)
  expect(() => recordClaim(store, { paymentHash: 'h', amountMsat: 1n, at: 1 })).not.toThrow()
  expect(() => recordClaim(store, { paymentHash: 'h', amountMsat: 1n, at: 1 })).toThrow(/UNIQUE/)
})

test('a file of the version before is read and gets the tables that it lacks, and any other is refused', () => {
  const path = file()
  const old = open(path)
  recordClaim(old, { paymentHash: 'kept', amountMsat: 1n, at: 1 })
  old.commit()
  stores.pop()?.close()
  const asVersion = (version: number) => {
    const db = new DatabaseSync(path)
    db.exec(`DROP TABLE IF EXISTS withdrawals; DROP TABLE IF EXISTS withdrawal_inputs; PRAGMA user_version = ${version}`)
    db.close()
  }
  asVersion(4)
  const store = open(path)
  expect(isClaimed(store, 'kept')).toBe(true)
  expect(store.statement('SELECT count(*) AS n FROM withdrawals').get()).toEqual({ n: 0n })
  stores.pop()?.close()
  for (const version of [3, 6]) {
    asVersion(version)
    expect(() => openNodeStore(path)).toThrow(`is of version ${version}`)
  }
})
