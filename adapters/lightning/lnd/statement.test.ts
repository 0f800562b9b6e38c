import { expect, test } from 'vitest'
import { paidAsOpener } from './statement.ts'

const channel = { active: true, initiator: true, commitment_type: 'ANCHORS', fee_per_kw: 2_500n, pending_htlcs: [] }
const htlc = { incoming: false, amount: 5_000n, forwarding_channel: '0' }

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
