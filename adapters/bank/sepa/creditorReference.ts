import { createHash } from 'node:crypto'
import type { Hex } from '../../../gateway/ports/ids.ts'

/**
 * Our remittance reference is an ISO 11649 creditor reference ("RF"), because banks and accounting programs know it: a payer's bank offers a
 * structured field for it and refuses a mistyped one before the money leaves. Its two check digits (ISO 7064 MOD 97-10) find every digit typed for
 * another digit and every letter for another letter, and 96 in 97 of all else, such as a digit for a letter. What they miss names no offer of ours
 * but by a chance of one in 2^70. It holds 21 free characters; we use 16: "SY" and 70 bits.
 */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE_CHARACTERS = 14
const BITS_PER_CHARACTER = 5n
const OURS = /RF[0-9]{2}SY[0-9A-HJKMNP-TV-Z]{14}/g
const ANY = /^RF[0-9]{2}[0-9A-Z]{1,21}$/

/** The remainder by 97 of the text with its first four characters moved to the end and letters as two digits (A = 10). */
function remainder97(text: string): number {
  let remainder = 0
  for (const character of text.slice(4) + text.slice(0, 4)) {
    const value = Number.parseInt(character, 36)
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
  }
  return remainder
}

/** True for any well-formed ISO 11649 reference with right check digits, in its electronic form (capitals, no blanks). */
export function isCreditorReference(text: string): boolean {
  return ANY.test(text) && remainder97(text) === 1
}

/** The reference of an offer: "RF", check digits, "SY" and 70 bits of SHA-256 over `ref`, so it names one intent and tells nothing about it. */
export function creditorReferenceOf(ref: Hex): string {
  const digest = createHash('sha256')
    .update('switchyard bank reference\n')
    .update(Buffer.from(ref.slice(2), 'hex'))
    .digest('hex')
  let bits = BigInt(`0x${digest}`)
  let code = 'SY'
  for (let i = 0; i < CODE_CHARACTERS; i += 1) {
    code += CROCKFORD[Number(bits & 31n)]
    bits >>= BITS_PER_CHARACTER
  }
  const check = 98 - remainder97(`RF00${code}`)
  return `RF${String(check).padStart(2, '0')}${code}`
}

/**
 * Finds our reference in what a payer wrote, whatever the blanks and the case. Two different ones name nobody: a person decides then.
 * Lines are joined without a blank because banks cut long texts anywhere.
 */
export function findReference(remittance: readonly string[]): string | undefined {
  const text = remittance.join('').replace(/\s+/g, '').toUpperCase()
  const found = new Set([...text.matchAll(OURS)].map((match) => match[0]).filter(isCreditorReference))
  const [first] = found
  return found.size === 1 ? first : undefined
}
