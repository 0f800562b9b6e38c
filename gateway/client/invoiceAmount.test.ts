import { expect, test } from 'vitest'
import { invoiceAmount } from './invoiceAmount.ts'

test.each<[string, bigint | undefined]>([
  ['lnbc2500u1pvjluez', 250_000_000n],
  ['lnbc20m1pvjluez', 2_000_000_000n],
  ['lnbc9678785340p1pwmna7l', 967_878_534n],
  ['LNBC25M1PVJLUEZ', 2_500_000_000n],
  ['lnbcrt20n1pqqq', 2_000n],
  ['lntb1m1pqqq', 100_000_000n],
  ['lntbs10u1pqqq', 1_000_000n],
  ['lnbc11pqqq', 100_000_000_000n],
  ['lnbc1pvjluez', undefined],
  ['lnbc25p1pqqq', undefined],
  ['lnbc0n1pqqq', undefined],
  ['lnxx20n1pqqq', undefined],
  ['nonsense', undefined],
])('the invoice %s asks for %s msat', (invoice, msat) => {
  expect(invoiceAmount(invoice)?.units).toBe(msat)
})
