import type { z } from 'zod'

type Issue = z.core.$ZodIssue

const WORD = /^[a-z]{0,12}$/
const NUMBER = /^[\d.,_ +-]{1,20}$/
/** An address of a chain, or of a network. */
const ADDRESS = /^(?:0x[0-9a-f]{0,40}|(?=.*[.:])[0-9a-f.:]{1,40}(?:\/\d{0,3})?)$/i
const NAME = /^[a-z][A-Za-z0-9]{0,30}$/
/** A setting's name is pronounced: it has few digits and capitals, and a vowel now and then. */
const [DIGITS_MAX, CAPITALS_MAX] = [2, 4]
const UNPRONOUNCED = /[b-df-hj-np-tv-xz]{6}/i

/** Texts that may be shown where such a thing is expected. A secret that stands there by mistake is none of them. */
export function isHarmless(text: string, expected: Issue): boolean {
  return shapesFor(expected).some((shape) => shape.test(text))
}

/** True of the name of a setting, also a misspelled one; a secret that stands in its place has another shape. */
export function looksLikeName(text: string): boolean {
  if (/^[A-Z]{1,6}$/.test(text)) return true
  const capitals = text.match(/[A-Z]/g)?.length ?? 0
  const digits = text.match(/\d/g)?.length ?? 0
  return NAME.test(text) && capitals <= CAPITALS_MAX && digits <= DIGITS_MAX && !UNPRONOUNCED.test(text)
}

function shapesFor(issue: Issue): readonly RegExp[] {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'number' || issue.expected === 'int' ? [NUMBER] : issue.expected === 'boolean' ? [WORD] : []
    case 'invalid_value':
      return [WORD]
    case 'invalid_format':
      return [WORD, NUMBER, ADDRESS]
    case 'invalid_union':
      return issue.errors.flatMap((branch) => branch.filter(({ path }) => path.length === 0).flatMap(shapesFor))
    case 'too_small':
      return [/^$/]
    default:
      return []
  }
}
