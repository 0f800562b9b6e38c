import { AMOUNT_MAX, type U128 } from '../../ports/ledger.ts'

/**
 * Rows of 128 bytes off the JS heap, seen as 32-bit and as 64-bit words of the same bytes. A 128-bit number is four 32-bit words, the lowest first,
 * and is named by the index of its first word; it begins at an even index, so that its halves are words of `longs`.
 */
export type Rows = Readonly<{ words: Uint32Array; longs: BigUint64Array }>

/** 32-bit words in a row. */
export const ROW_WORDS = 32
export const ROW_BYTES = 128

const LOW_64 = 0xffff_ffff_ffff_ffffn

/** `count` rows of zeros. */
export function newRows(count: number): Rows {
  return rowsOn(new ArrayBuffer(count * ROW_BYTES))
}

/** The rows that these bytes are. */
export function rowsOn(buffer: ArrayBuffer): Rows {
  return { words: new Uint32Array(buffer), longs: new BigUint64Array(buffer) }
}

/** Writes a number below 2^128. */
export function setU128(rows: Rows, at: number, value: U128): void {
  // A 64-bit word takes its value modulo 2^64.
  rows.longs[at >> 1] = value
  rows.longs[(at >> 1) + 1] = value > LOW_64 ? value >> 64n : 0n
}

export function getU128(rows: Rows, at: number): U128 {
  const low = rows.longs[at >> 1]!
  const high = rows.longs[(at >> 1) + 1]!
  return high === 0n ? low : (high << 64n) | low
}

export function setU64(rows: Rows, at: number, value: bigint): void {
  rows.longs[at >> 1] = value
}

export function getU64(rows: Rows, at: number): bigint {
  return rows.longs[at >> 1]!
}

/** Copies `count` words. */
export function copyWords(to: Uint32Array, at: number, from: Uint32Array, j: number, count: number): void {
  for (let k = 0; k < count; k++) to[at + k] = from[j + k]!
}

export function isZero128(a: Uint32Array, i: number): boolean {
  return (a[i]! | a[i + 1]! | a[i + 2]! | a[i + 3]!) === 0
}

/** True for 2^128 - 1: the largest id, which names nothing, and AMOUNT_MAX. */
export function isMax128(a: Uint32Array, i: number): boolean {
  return (a[i]! & a[i + 1]! & a[i + 2]! & a[i + 3]!) === -1
}

export function same128(a: Uint32Array, i: number, b: Uint32Array, j: number): boolean {
  return a[i] === b[j] && a[i + 1] === b[j + 1] && a[i + 2] === b[j + 2] && a[i + 3] === b[j + 3]
}

export function same64(a: Uint32Array, i: number, b: Uint32Array, j: number): boolean {
  return a[i] === b[j] && a[i + 1] === b[j + 1]
}

/** Negative, zero or positive as a is smaller than, equal to or larger than b; both of `count` words. */
export function compareWords(a: Uint32Array, i: number, b: Uint32Array, j: number, count: number): number {
  for (let k = count - 1; k >= 0; k--) {
    const left = a[i + k]!
    const right = b[j + k]!
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}

/** a += b. The sum is known to fit: the caller refused what would overflow. */
export function add128(a: Uint32Array, i: number, b: Uint32Array, j: number): void {
  let carry = 0
  for (let k = 0; k < 4; k++) {
    // Below 2^33 + 1, exact in a double; the word keeps its low 32 bits.
    const sum = a[i + k]! + b[j + k]! + carry
    a[i + k] = sum
    carry = sum > 0xffff_ffff ? 1 : 0
  }
}

/** a -= b, where b is not larger. */
export function subtract128(a: Uint32Array, i: number, b: Uint32Array, j: number): void {
  let borrow = 0
  for (let k = 0; k < 4; k++) {
    const difference = a[i + k]! - b[j + k]! - borrow
    a[i + k] = difference
    borrow = difference < 0 ? 1 : 0
  }
}

/** Words of a sum of up to three 128-bit numbers: one more than each of them, so it never overflows. */
export const SUM_WORDS = 5

/** sum = a, of five words. */
export function beginSum(sum: Uint32Array, a: Uint32Array, i: number): void {
  copyWords(sum, 0, a, i, 4)
  sum[4] = 0
}

/** sum += a. */
export function addToSum(sum: Uint32Array, a: Uint32Array, i: number): void {
  let carry = 0
  for (let k = 0; k < 4; k++) {
    const word = sum[k]! + a[i + k]! + carry
    sum[k] = word
    carry = word > 0xffff_ffff ? 1 : 0
  }
  sum[4] = sum[4]! + carry
}

/** True when the sum does not fit in 128 bits. */
export function sumOverflows(sum: Uint32Array): boolean {
  return sum[4] !== 0
}

/** True when the sum is larger than a. */
export function sumExceeds(sum: Uint32Array, a: Uint32Array, i: number): boolean {
  return sum[4] !== 0 || compareWords(sum, 0, a, i, 4) > 0
}

/** True when `value` is unsigned and has at most `bits` bits. */
export function fits(value: bigint, bits: 64 | 128): boolean {
  return value >= 0n && value <= (bits === 64 ? LOW_64 : AMOUNT_MAX)
}

/** True when a number is a whole one of at most `bits` bits. */
export function isUint(value: number, bits: 16 | 32): boolean {
  return Number.isInteger(value) && value >= 0 && value <= (bits === 16 ? 0xffff : 0xffff_ffff)
}
