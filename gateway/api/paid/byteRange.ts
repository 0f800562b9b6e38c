import { max, min } from '../../money/integers.ts'

/** Bytes from `from` to before `end`. */
export type ByteRange = Readonly<{ from: number; end: number }>

/** One range of bytes, RFC 9110 section 14.1.2. Numbers beyond these digits are beyond any answer. */
const ONE = /^bytes=[\t ]*(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))[\t ]*$/i

/**
 * What a `Range` asks of an answer of so many bytes. `whole`: there is none, it is in another unit, or it asks for several ranges, which a server may answer
 * with all (RFC 9110 section 14.2). `none`: it is malformed or there are no such bytes.
 */
export function byteRange(range: string | undefined, bytes: number): ByteRange | 'whole' | 'none' {
  if (range === undefined || !/^bytes=/i.test(range) || range.includes(',')) return 'whole'
  const [, first, last, suffix] = ONE.exec(range) ?? []
  if (suffix !== undefined) return suffixOf(Number.parseInt(suffix, 10), bytes) // not money: bytes
  if (first === undefined) return 'none'
  const from = Number.parseInt(first, 10) // not money: bytes
  const end = last ? min(Number.parseInt(last, 10) + 1, bytes) : bytes // not money: bytes
  return from < end ? { from, end } : 'none'
}

function suffixOf(length: number, bytes: number): ByteRange | 'none' {
  return length > 0 && bytes > 0 ? { from: max(bytes - length, 0), end: bytes } : 'none'
}
