import { expect, test } from 'vitest'
import type { LightningChannel, LightningReport } from '../../ports/lightningNode.ts'
import { alarmsOf, inboundHours, liquidityOf } from './lightningView.ts'

const DAY_MS = 86_400_000n
const NOW = 1_800_000_000_000
const QUIET = { msat: 0n, count: 0, overMs: DAY_MS }
const up: LightningChannel = {
  id: '1',
  peer: '02',
  usable: true,
  weFunded: false,
  announced: true,
  unsettledMsat: 30n,
  slotsUsed: 3,
  slotsMax: 483,
  localMsat: 1_000n,
  remoteMsat: 2_400n,
  reserveMsat: 100n,
  remoteReserveMsat: 0n,
}
const report: LightningReport = {
  backend: 'lnd',
  nodeId: '03',
  name: 'a node',
  network: 'regtest',
  height: 1,
  synced: true,
  peers: 1,
  channels: [up],
  underWay: [],
  backup: { file: 'channels.backup', channels: 1, takenAt: NOW },
}
const alarms = (change: Partial<LightningReport>, arrivals = QUIET) => alarmsOf({ ...report, ...change }, { arrivals, now: NOW })

test('what can leave and arrive is what is above the reserves of channels that are up', () => {
  const short = { ...up, localMsat: 50n, remoteMsat: 10n }
  const down = { ...up, usable: false }
  expect(liquidityOf([up, short, down])).toEqual({ outbound: 900n, inbound: 2_410n, unsettled: 60n, slotsUsed: 6, slotsMax: 966 })
})

test('inbound liquidity lasts as long as money keeps coming as it did', () => {
  expect(inboundHours(2_400n, { msat: 2_400n, count: 1, overMs: DAY_MS })).toBe(24n)
  expect(inboundHours(2_400n, QUIET)).toBeUndefined()
})

test('a node in order raises no alarm', () => {
  expect(alarms({})).toEqual([])
})

test.each<[string, Partial<LightningReport>, string]>([
  ['a node that is behind its chain', { synced: false }, 'not synced'],
  ['a node without channels', { channels: [] }, 'no channel'],
  ['a channel that is down', { channels: [up, { ...up, usable: false }] }, '1 of 2 channels are down'],
  ['a stuck payment', { underWay: [{ id: 'at_1', paymentHash: '00', since: 0n, stuck: true }] }, '1 payments are stuck'],
  ['slots that run out', { channels: [{ ...up, slotsUsed: 290 }] }, '290 of 483 HTLC slots'],
  ['an old backup', { backup: { file: 'f', channels: 1, takenAt: NOW - 31 * 86_400_000 } }, 'older than 30 days'],
  ['a missing backup', { backup: undefined }, 'no channel backup'],
])('%s raises one', (_, change, alarm) => {
  expect(alarms(change)).toEqual([expect.stringContaining(alarm)])
})

test('inbound liquidity for less than an hour raises one', () => {
  expect(alarms({}, { msat: 2_401n * 24n, count: 9, overMs: DAY_MS })).toEqual([expect.stringContaining('less than an hour')])
})
