import { expect, test } from 'vitest'
import { EUR } from '../../../gateway/money/asset.ts'
import { parseAmount } from '../../../gateway/money/money.ts'
import { daysOf } from '../../../gateway/payouts/calendar/schemes.ts'
import { offerTransfer } from './offerTransfer.ts'

const HASH = `0x${'5c'.repeat(32)}` as const
const ACCOUNT = { iban: 'DE93999999990000000001', name: 'Yard' }

test.each([
  ['Monday, 10:00', '2026-11-23T09:00:00Z', 15 * 60, false],
  ['Monday, 10:00', '2026-11-23T09:00:00Z', 24 * 3_600, false],
  ['Monday, 10:00', '2026-11-23T09:00:00Z', 33 * 3_600, true],
  ['Monday, 17:00, after the cut-off', '2026-11-23T16:00:00Z', 33 * 3_600, false],
  ['Tuesday', '2026-11-24T09:00:00Z', 33 * 3_600, true],
  ['Wednesday', '2026-11-25T09:00:00Z', 33 * 3_600, true],
  ['Thursday', '2026-11-26T09:00:00Z', 33 * 3_600, true],
  ['Friday', '2026-11-27T09:00:00Z', 33 * 3_600, false],
  ['Friday', '2026-11-27T09:00:00Z', 4 * 86_400, true],
  ['Saturday', '2026-11-28T09:00:00Z', 2 * 86_400, false],
  ['Saturday', '2026-11-28T09:00:00Z', 4 * 86_400, true],
  ['Sunday', '2026-11-29T09:00:00Z', 3 * 86_400, true],
  ['Maundy Thursday, 17:00', '2027-03-25T16:00:00Z', 5 * 86_400, false],
  ['Maundy Thursday, 17:00', '2027-03-25T16:00:00Z', 7 * 86_400, true],
])('on %s (%s) a bank transfer is offered for what ends in %i s: %s', (_, at, lifeS, isOffered) => {
  const now = Date.parse(at)
  const request = { amount: parseAmount('5', EUR), ref: HASH, splitId: HASH, expiresAt: now + lifeS * 1_000, description: '' }
  const offer = () => offerTransfer(request, ACCOUNT, daysOf('sepa').goodFundsAt(now))
  if (isOffered) expect(offer()).toMatchObject({ rail: 'bank', expiresAt: request.expiresAt, wire: ACCOUNT })
  else expect(offer).toThrow(/^A bank transfer that is ordered now may take until 20/)
})
