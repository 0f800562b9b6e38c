import type { Lister } from '../../audit/lists/lister.ts'
import { LIST_NAMES } from '../../ports/readLists.ts'
import { readAnsweredFact } from './facts.ts'

/** `idem:<caller>:<method>:<path>:<key>`; a caller may have a colon in its name. */
const CLAIM = /:POST:\/v1\/([a-z_]+):([\x21-\x7e]{8,128})$/

/** What was made by a request is found by its Idempotency-Key. */
const listAnswers: Lister = (fact) => {
  const known = readAnsweredFact(fact)
  const [, resource, key] = (known && CLAIM.exec(known.id)) ?? []
  const list = LIST_NAMES.find((name) => name === resource)
  if (!known || !list || key === undefined) return []
  const made = JSON.parse(known.data.body) as { id?: string; name?: string } // An answer of this API.
  const id = made.id ?? made.name
  return id === undefined ? [] : [{ list, id, references: [key] }]
}

/** What answers change in lists. */
export const answerLists: readonly Lister[] = [listAnswers]
