import fc from 'fast-check'
import { encodePacked, parseSignature, serializeCompactSignature, signatureToCompactSignature, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import type { Hex } from '../ports/ids.ts'
import { CHANNEL_SALT_MAX, CUMULATIVE_MAX } from './channelId.ts'
import { packRow, packRows, ROW_BYTES, unpackRows, type VoucherRow } from './voucherRow.ts'

const payer: Hex = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
const account = privateKeyToAccount(`0x${'42'.repeat(32)}`)
const someRow = fc.record({
  payer: fc.constant(payer),
  salt: fc.oneof(fc.bigInt(0n, 9n), fc.bigInt(0n, CHANNEL_SALT_MAX)),
  cumulative: fc.oneof(fc.bigInt(0n, 9n), fc.bigInt(0n, CUMULATIVE_MAX)),
  digest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
})

describe('a packed row', () => {
  test('is payer, salt, sum and compact signature without padding, and reads back', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.array(someRow, { minLength: 1, maxLength: 4 }), async (given) => {
        const rows: VoucherRow[] = []
        for (const { digest, ...row } of given) rows.push({ ...row, signature: await account.sign({ hash: toHex(digest) }) })
        for (const row of rows) {
          const compact = serializeCompactSignature(signatureToCompactSignature(parseSignature(row.signature)))
          const parts = [row.payer, row.salt, row.cumulative, compact] as const
          expect(packRow(row)).toBe(encodePacked(['address', 'uint96', 'uint128', 'bytes'], parts))
          seen.add(row.signature.slice(-2))
        }
        const packed = packRows(rows)
        expect((packed.length - 2) / 2).toBe(ROW_BYTES * rows.length)
        expect(unpackRows(packed)).toEqual(rows)
      }),
      { numRuns: 40, seed: 402 },
    )
    // Both values of v were met, or the top bit was never tried.
    expect([...seen].sort()).toEqual(['1b', '1c'])
  })

  test('has no room for a high s, another v, another length, or numbers beyond their bits', () => {
    const signature = (s: string, v: string): Hex => `0x${'11'.repeat(32)}${s.repeat(32)}${v}`
    const row = { payer, salt: 1n, cumulative: 1n, signature: signature('22', '1b') }
    expect(packRow(row)).toHaveLength(2 + 2 * ROW_BYTES)
    const bad: VoucherRow[] = [
      { ...row, signature: signature('ff', '1b') },
      { ...row, signature: signature('22', '00') },
      { ...row, signature: '0x1234' },
      { ...row, salt: CHANNEL_SALT_MAX + 1n },
      { ...row, cumulative: CUMULATIVE_MAX + 1n },
      { ...row, cumulative: -1n },
    ]
    for (const wrong of bad) expect(() => packRow(wrong)).toThrow('invariant broken')
    expect(() => packRows([])).toThrow('invariant broken')
    expect(() => unpackRows('0x')).toThrow('invariant broken')
    expect(() => unpackRows('0x1234')).toThrow('invariant broken')
  })
})
