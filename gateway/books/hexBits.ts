import type { Rows } from '../ledger/words.ts'

/** The value of each lower-case hex digit by its character code; 16 for every other one. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code))
  return digit < 0 ? 16 : digit
})

/** Reads 32 lower-case hex digits of `text` from `start` as the 128-bit number at `at`. False when they are not that; what lies at `at` is then open. */
export function readHex128(text: string, start: number, rows: Rows, at: number): boolean {
  if (text.length < start + 32) return false
  for (let word = 3, i = start; word >= 0; word--) {
    let value = 0
    for (const end = i + 8; i < end; i++) {
      const code = text.charCodeAt(i)
      const digit = code < 128 ? DIGITS[code]! : 16
      if (digit === 16) return false
      value = (value << 4) | digit
    }
    rows.words[at + word] = value
  }
  return true
}
