import { invariant } from '../../errors/invariant.ts'

/** Before a number without limit, and before a string that begins with it. */
const MARK = '#'

/** Plain data as JSON that keeps its bigints. A field that is undefined is left out. */
export function toText(thing: unknown): string {
  return JSON.stringify(thing, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${MARK}${value}`
    if (typeof value === 'string' && value.startsWith(MARK)) return `${MARK}${value}`
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      invariant(Object.getPrototypeOf(value) === Object.prototype, 'what is archived is plain data')
    return value
  })
}

/** What `toText` was given. */
export function fromText(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith(MARK)) return value
    return value[1] === MARK ? value.slice(1) : BigInt(value.slice(1))
  })
}
