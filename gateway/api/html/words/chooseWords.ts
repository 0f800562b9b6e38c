import { ar } from './ar.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { hi } from './hi.ts'
import { it } from './it.ts'
import { ja } from './ja.ts'
import { pt } from './pt.ts'
import type { Words } from './words.ts'
import { zh } from './zh.ts'

/** Every language of the page; the first where none is asked for. */
export const LANGUAGES: readonly Words[] = [en, ar, de, es, fr, hi, it, ja, pt, zh]
/** More than any browser sends. */
const READ_MAX = 20

/** The language that a browser likes most of those there are: `Accept-Language` (RFC 9110, section 12.5.4), by its first subtag. */
export function chooseWords(acceptLanguage: string | undefined): Words {
  const asked = (acceptLanguage ?? '').split(',', READ_MAX).map((part, i) => {
    const [range = '', ...parameters] = part.trim().split(';')
    const weight = parameters.map((one) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(one)?.[1]).find((q) => q !== undefined)
    return { lang: range.toLowerCase().split('-')[0], q: weight === undefined ? 1 : Number.parseFloat(weight), i } // not money: a weight
  })
  const liked = asked.filter(({ q }) => q > 0).toSorted((a, b) => b.q - a.q || a.i - b.i) // not money: weights of languages
  for (const { lang } of liked) {
    const found = LANGUAGES.find((words) => words.lang === lang)
    if (found) return found
  }
  return LANGUAGES[0]!
}
