/**
 * Where the fields of a row are, in 32-bit words. Rows are TigerBeetle's own 128-byte accounts and transfers, little-endian, so accounts and
 * transfers share what stands behind their first 80 bytes.
 */
export const ID = 0
export const USER_DATA_128 = 20
export const USER_DATA_64 = 24
export const USER_DATA_32 = 26
export const LEDGER = 28
/** Code in the low 16 bits, flags in the high ones. */
export const CODE_AND_FLAGS = 29
/** 64 bits of nanoseconds. */
export const TIMESTAMP = 30

// Accounts only.
export const DEBITS_PENDING = 4
export const DEBITS_POSTED = 8
export const CREDITS_PENDING = 12
export const CREDITS_POSTED = 16
export const RESERVED = 27

// Transfers only.
export const DEBIT_ACCOUNT_ID = 4
export const CREDIT_ACCOUNT_ID = 8
export const AMOUNT = 12
export const PENDING_ID = 16
export const TIMEOUT = 27

/** The kinds of rows that the record log holds. Never renumbered: journals keep them. */
export const KIND = { account: 1, transfer: 2, burned: 3, expired: 4 } as const

export function flagsAt(words: Uint32Array, at: number): number {
  return words[at + CODE_AND_FLAGS]! >>> 16
}

export function codeAt(words: Uint32Array, at: number): number {
  return words[at + CODE_AND_FLAGS]! & 0xffff
}

export function setCodeAndFlags(words: Uint32Array, at: number, code: number, flags: number): void {
  words[at + CODE_AND_FLAGS] = code | (flags << 16)
}
