import { readPreferences } from '../preferences.ts'
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

/** The language that a browser likes most of those there are: `Accept-Language` (RFC 9110, section 12.5.4), by its first subtag. */
export function chooseWords(acceptLanguage: string | undefined): Words {
  // Of equal weights the first is liked more: the sort keeps their order.
  const liked = readPreferences(acceptLanguage ?? '').filter(({ weight }) => weight > 0) // not money: weights of languages
  for (const { name } of liked.toSorted((a, b) => b.weight - a.weight)) {
    const [lang] = name.split('-')
    const found = LANGUAGES.find((words) => words.lang === lang)
    if (found) return found
  }
  return LANGUAGES[0]!
}
