import type { Rows } from '../rows/words.ts'

const NO_DIGIT = 16
/** The value of each lower-case hex digit by its character code. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code))
  return digit < 0 ? NO_DIGIT : digit
})

function digitAt(text: string, i: number): number {
  const code = text.charCodeAt(i)
  return code < DIGITS.length ? DIGITS[code]! : NO_DIGIT
}

/** True when `text` has 32 lower-case hex digits from `start` on and nothing else. */
export function endsInHex128(text: string, start: number): boolean {
  if (text.length !== start + 32) return false
  for (let i = start; i < text.length; i++) if (digitAt(text, i) === NO_DIGIT) return false
  return true
}

/** Reads 32 lower-case hex digits of `text` from `start` as the 128-bit number at `at`. False when they are not that; what lies at `at` is then open. */
export function readHex128(text: string, start: number, rows: Rows, at: number): boolean {
  if (text.length < start + 32) return false
  for (let word = 3, i = start; word >= 0; word--) {
    let value = 0
    for (const end = i + 8; i < end; i++) {
      const digit = digitAt(text, i)
      if (digit === NO_DIGIT) return false
      value = (value << 4) | digit
    }
    rows.words[at + word] = value
  }
  return true
}
