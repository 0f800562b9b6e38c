import { expect, test } from 'vitest'
import { htlcSums, paidAsOpener, sameStates } from './statement.ts'

const state = { channel_point: 'a:0', num_updates: 7n }
const channel = { ...state, active: true, initiator: true, commitment_type: 'ANCHORS', fee_per_kw: 2_500n, pending_htlcs: [] }
const htlc = { incoming: false, amount: 5_000n, hash_lock: 'aa', forwarding_channel: '0' }

test('who opened a channel holds its commitment fee and anchors too, to the satoshi', () => {
  // As LND 0.21.2 showed it: 10,000,000 sat, of which 5,000,000 pushed, left a local balance of 4,996,530.
  expect(paidAsOpener(channel)).toBe(5_000_000_000n - 4_996_530_000n)
})

test('an HTLC makes the commitment dearer, and older channels have no anchors', () => {
  expect(paidAsOpener({ ...channel, pending_htlcs: [htlc] })).toBe((((1_124n + 172n) * 2_500n) / 1_000n + 660n) * 1_000n)
  expect(paidAsOpener({ ...channel, commitment_type: 'STATIC_REMOTE_KEY' })).toBe(((724n * 2_500n) / 1_000n) * 1_000n)
  expect(paidAsOpener({ ...channel, commitment_type: 'SIMPLE_TAPROOT' })).toBe(((968n * 2_500n) / 1_000n + 660n) * 1_000n)
})

test('who did not open it pays nothing', () => expect(paidAsOpener({ ...channel, initiator: false })).toBe(0n))

test('lists of channels are of one state when no commitment was made between them', () => {
  const other = { ...channel, channel_point: 'b:0' }
  expect(sameStates([channel, other], [other, { ...channel, active: false }])).toBe(true)
  expect(sameStates([channel, other], [other, { ...channel, num_updates: 8n }])).toBe(false)
  expect(sameStates([channel, other], [channel])).toBe(false)
  expect(sameStates([channel], [channel, other])).toBe(false)
  expect(sameStates([], [])).toBe(true)
})

test('an HTLC that only one of two lists has is counted', () => {
  const incoming = { ...htlc, incoming: true, amount: 7n, hash_lock: 'bb' }
  expect(htlcSums([{ ...channel, pending_htlcs: [htlc] }], [{ ...channel, pending_htlcs: [incoming] }])).toEqual({
    outgoingMsat: 5_000_999n,
    outgoingHashes: ['aa'],
    incomingMsat: 7_999n,
  })
  expect(htlcSums([channel], [channel])).toEqual({ outgoingMsat: 0n, outgoingHashes: [], incomingMsat: 0n })
})
