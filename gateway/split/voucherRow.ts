import { invariant } from '../errors/invariant.ts'
import type { Hex } from '../ports/ids.ts'
import { CHANNEL_SALT_MAX, CUMULATIVE_MAX } from './channelId.ts'

/** payer 20, salt 12, cumulative 16 (big-endian), r 32, vs 32. */
export const ROW_BYTES = 112

/** What `claimPacked` takes of a voucher; split, token and closer are the same for all rows of one call. */
export type VoucherRow = Readonly<{ payer: Hex; salt: bigint; cumulative: bigint; signature: Hex }>

const TOP_BIT = 2n ** 255n
const SIGNATURE = /^0x([0-9a-f]{64})([0-9a-f]{64})(1b|1c)$/

/**
 * One row of `claimPacked`: 112 bytes, no padding. The signature is compacted by EIP-2098 (`vs` = s with v - 27 in its top bit), which only a
 * low s leaves room for; vouchers with a high s are refused before they get here.
 */
export function packRow(row: VoucherRow): Hex {
  const parts = SIGNATURE.exec(row.signature.toLowerCase())
  invariant(parts, 'a signature is 65 bytes r, s, v, with v 27 or 28')
  invariant(row.salt >= 0n && row.salt <= CHANNEL_SALT_MAX, "a channel's salt has 96 bits")
  invariant(row.cumulative >= 0n && row.cumulative <= CUMULATIVE_MAX, 'a cumulative sum has 128 bits')
  const [, r, s, v] = parts
  const low = BigInt(`0x${s}`)
  invariant(low < TOP_BIT, 'an s that is packed leaves the top bit free')
  const vs = v === '1c' ? low + TOP_BIT : low
  return `0x${row.payer.slice(2).toLowerCase()}${hexOf(row.salt, 12)}${hexOf(row.cumulative, 16)}${r}${hexOf(vs, 32)}`
}

/** Rows one after the other, as `claimPacked` wants them. */
export function packRows(rows: readonly VoucherRow[]): Hex {
  invariant(rows.length > 0, 'a claim has at least one row')
  return `0x${rows.map((row) => packRow(row).slice(2)).join('')}`
}

/** The rows back from their bytes, with the signature as 65 bytes again. */
export function unpackRows(packed: Hex): VoucherRow[] {
  const text = packed.slice(2)
  invariant(text.length > 0 && text.length % (2 * ROW_BYTES) === 0, 'packed rows are 112 bytes each, and at least one')
  return Array.from({ length: text.length / (2 * ROW_BYTES) }, (_, i) => {
    const row = text.slice(i * 2 * ROW_BYTES, (i + 1) * 2 * ROW_BYTES)
    const vs = BigInt(`0x${row.slice(160)}`)
    const [s, v] = vs >= TOP_BIT ? [vs - TOP_BIT, '1c'] : [vs, '1b']
    return {
      payer: `0x${row.slice(0, 40)}`,
      salt: BigInt(`0x${row.slice(40, 64)}`),
      cumulative: BigInt(`0x${row.slice(64, 96)}`),
      signature: `0x${row.slice(96, 160)}${hexOf(s, 32)}${v}`,
    }
  })
}

function hexOf(value: bigint, bytes: number): string {
  return value.toString(16).padStart(2 * bytes, '0')
}
