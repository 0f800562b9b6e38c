import { describe, expect, test } from 'vitest'
import { bolt11AmountMsat, readBolt11Prefix } from './bolt11Amount.ts'

describe('the amount of an invoice', () => {
  // The first four are the examples of BOLT 11, cut after their human-readable part.
  test.each<[string, bigint | undefined | 'unreadable']>([
    ['lnbc1pvjluezpp5qqqsyq', undefined],
    ['lnbc2500u1pvjluezpp5qqqsyq', 250_000_000n],
    ['lnbc20m1pvjluezpp5qqqsyq', 2_000_000_000n],
    ['lnbc9678785340p1pwmna7lpp5gc3xfm', 967_878_534n],
    ['LNBC20M1PVJLUEZPP5QQQSYQ', 2_000_000_000n],
    ['LNBC25M1PVJLUEZ', 2_500_000_000n],
    ['lnbcrt10n1pvjluez', 1_000n],
    ['lnbcrt20n1pqqq', 2_000n],
    ['lntbs11pvjluez', 100_000_000_000n],
    ['lntbs10u1pqqq', 1_000_000n],
    ['lntb1u1pvjluez', 100_000n],
    ['lntb1m1pqqq', 100_000_000n],
    ['lnbc11pqqq', 100_000_000_000n],
    ['lnbc10000000000000000001p', 10n ** 29n],
    ['lnbc100000000000000000001p', 'unreadable'],
    ['lnbc2500000001p1pvjluez', 'unreadable'],
    ['lnbc25p1pqqq', 'unreadable'],
    ['lnbc05u1pvjluez', 'unreadable'],
    ['lnbc0n1pqqq', 'unreadable'],
    ['lnbc5x1pvjluez', 'unreadable'],
    ['lnxx20n1pqqq', 'unreadable'],
    ['bc1qvjluez', 'unreadable'],
    ['lnbc20mq', 'unreadable'],
    ['nonsense', 'unreadable'],
    ['', 'unreadable'],
  ])('%s', (invoice, amountMsat) => {
    expect(bolt11AmountMsat(invoice)).toBe(amountMsat)
  })
})

test('the readable part names its chain, and what is wrong with it', () => {
  expect(readBolt11Prefix('lnbc')).toEqual({ chain: 'bc', amountMsat: undefined })
  expect(readBolt11Prefix('lnbcrt10u')).toEqual({ chain: 'bcrt', amountMsat: 1_000_000n })
  expect(readBolt11Prefix('lntb10p')).toEqual({ chain: 'tb', amountMsat: 1n })
  expect(readBolt11Prefix('lntbs1')).toEqual({ chain: 'tbs', amountMsat: 100_000_000_000n })
  expect(readBolt11Prefix('lnbcrt15p')).toBe('fraction')
  expect(readBolt11Prefix('lnbcrt010u')).toBe('unknown')
  expect(readBolt11Prefix('lnltc10u')).toBe('unknown')
})
