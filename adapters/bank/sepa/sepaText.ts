/** The characters that every SEPA bank carries unchanged: EPC230-15, the basic Latin set. */
const SEPA_TEXT = /^[A-Za-z0-9/\-?:().,'+ ]+$/
const NAME_MAX = 70
const REMITTANCE_MAX = 140

/** True when every bank in SEPA carries this text unchanged. A slash at either end, or two in a row, is reserved (EPC230-15). */
function isSepaText(text: string): boolean {
  return SEPA_TEXT.test(text) && !text.startsWith('/') && !text.endsWith('/') && !text.includes('//')
}

/** True for a name that a credit transfer can carry. */
export function isSepaName(text: string): boolean {
  return text.trim() !== '' && text.length <= NAME_MAX && isSepaText(text)
}

/** The text with what SEPA does not carry replaced by "." and cut to the length of a remittance; only for text that nobody matches on. */
export function toRemittance(text: string): string {
  const carried = text.replace(/[^A-Za-z0-9/\-?:().,'+ ]/g, '.').replace(/\/{2,}/g, '/')
  return carried
    .slice(0, REMITTANCE_MAX)
    .replace(/^\/|\/$/g, '')
    .trim()
}
