import fc from 'fast-check'
import { hashTypedData, toHex } from 'viem'
import { expect, test } from 'vitest'
import type { Hex } from '../ports/ids.ts'
import { CUMULATIVE_MAX, DEPOSIT_MAX } from './channelId.ts'
import { closeDigest, type HubDomain, hubDomainFor, hubTypes, voucherDigest } from './voucher.ts'

const hexOf = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value): Hex => toHex(value))
const someDomain: fc.Arbitrary<HubDomain> = fc.record({ chainId: fc.integer({ min: 1, max: 2 ** 40 }), hub: hexOf(20) })
const units = (max: bigint) => fc.oneof(fc.bigInt(0n, 1000n), fc.bigInt(0n, max), fc.constant(max))

test("a voucher's digest is the one that a wallet signs", () => {
  fc.assert(
    fc.property(someDomain, hexOf(32), units(CUMULATIVE_MAX), (domain, channelId, cumulative) => {
      const typed = { domain: hubDomainFor(domain), types: { Voucher: hubTypes.Voucher }, primaryType: 'Voucher' as const }
      expect(toHex(voucherDigest(domain, { channelId, cumulative }))).toBe(hashTypedData({ ...typed, message: { channelId, cumulative } }))
    }),
    { numRuns: 100, seed: 402 },
  )
})

test("a close's digest is the one that a closer signs, and never a voucher's", () => {
  fc.assert(
    fc.property(someDomain, hexOf(32), units(DEPOSIT_MAX), (domain, channelId, claimedMin) => {
      const typed = { domain: hubDomainFor(domain), types: { Close: hubTypes.Close }, primaryType: 'Close' as const }
      const digest = toHex(closeDigest(domain, { channelId, claimedMin }))
      expect(digest).toBe(hashTypedData({ ...typed, message: { channelId, claimedMin } }))
      expect(digest).not.toBe(toHex(voucherDigest(domain, { channelId, cumulative: claimedMin })))
    }),
    { numRuns: 100, seed: 402 },
  )
})

test('a digest is another one on another chain and for another hub, also after many hubs', () => {
  const hub = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`
  const voucher = { channelId: `0x${'11'.repeat(32)}` as const, cumulative: 5n }
  const digests = Array.from({ length: 100 }, (_, n) => toHex(voucherDigest({ chainId: 1, hub: hub(n + 1) }, voucher)))
  expect(new Set([...digests, toHex(voucherDigest({ chainId: 2, hub: hub(1) }, voucher))]).size).toBe(101)
  expect(toHex(voucherDigest({ chainId: 1, hub: hub(1) }, voucher))).toBe(digests[0])
})
