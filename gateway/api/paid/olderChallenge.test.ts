import { expect, test } from 'vitest'
import { exampleChallenge } from '../../../test/challenge/exampleChallenge.ts'
import { USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { buildChallenge } from '../../payins/challenge/buildChallenge.ts'
import { isOlder } from '../http/apiVersion.ts'
import { olderChallenge } from './olderChallenge.ts'

const { input, evm, lightning } = exampleChallenge()
const end = new Date(input.expiresAt).toISOString()

test('who asks for the spelling of before has the body of a 402 as it was, with units, to the last field', () => {
  const { body, assets } = buildChallenge(input)
  const { price, expires_at, offers, ...same } = body
  const dollars = { asset: 'USD', units: '2000', decimal: '0.002' }
  expect([price, expires_at]).toEqual([{ asset: 'USD', amount: '0.002' }, end])
  expect(olderChallenge(body, assets)).toEqual({
    ...same,
    price: dollars,
    expiresAt: end,
    offers: [
      {
        rail: 'lightning',
        amount: { asset: 'BTC', units: '2000', decimal: '0.00000002' },
        price: dollars,
        expiresAt: end,
        schemes: ['l402', 'mpp'],
        network: 'regtest',
        invoice: lightning.wire.invoice,
        paymentHash: lightning.wire.paymentHash,
      },
      {
        rail: 'evm:31337',
        amount: { ...dollars, asset: evm.amount.asset.id },
        price: dollars,
        expiresAt: end,
        schemes: ['x402', 'mpp'],
        network: 'eip155:31337',
        token: evm.wire.token,
        payTo: evm.wire.payTo,
      },
      { rail: 'book', amount: dollars, price: dollars, expiresAt: end, schemes: ['bearer'], how: offers[2]!.how },
    ],
  })
})

test('so has a budget that an invoice buys, and an invoice that comes later', () => {
  const terms = { kind: 'budget' as const, price: money(USD, 120_000n), forMs: 3_600_000 }
  const { route, expiresAt } = input
  const pass = { route, method: 'GET', path: undefined, terms, offeredUntil: expiresAt, endsAt: expiresAt }
  const { body, assets } = buildChallenge({ ...input, pass })
  expect(body.offers[0]!.pass).toEqual({ budget: { asset: 'USD', amount: '0.12' }, ends_at: end })
  const older = olderChallenge({ ...body, lightning: { how: 'Ask later.', retry_after_s: 2 } }, assets)
  expect(older).toMatchObject({
    offers: [{ pass: { budget: { asset: 'USD', units: '120000', decimal: '0.12' }, endsAt: end } }, {}, {}],
    lightning: { how: 'Ask later.', retryAfterS: 2 },
  })
  expect(JSON.stringify(older)).not.toMatch(/_at"|retry_after|pay_to|payment_hash/)
})

test('only that version is older', () => {
  const versions = ['2026-11-23', '2026-11-24', 'none such', undefined]
  expect(versions.map((version) => isOlder({ 'switchyard-version': version }))).toEqual([true, false, false, false])
})
