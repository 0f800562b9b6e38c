import type { ReadModel } from '../../../gateway/ports/readModel.ts'
import type { Query } from './readEvents.ts'

/** Later than any time in ms that SQLite's integers hold. */
const NEVER = Number.MAX_SAFE_INTEGER // not money: a time

/** How acts are read: each list is one range of the places' key, newest first, so that a page costs what is on it. */
export function createActReads(query: Query): Pick<ReadModel, 'acts'> {
  const listed = query(`SELECT a.id, a.body FROM act_places p JOIN acts a USING (n)
    WHERE p.party = ? AND p.what = ? AND p.value = ? AND p.at >= ? AND (p.at, p.n) < (?, ?) ORDER BY p.at DESC, p.n DESC LIMIT ?`)
  const byId = query('SELECT n, at, party FROM acts WHERE id = ?')

  return {
    acts({ party = '', of, since = 0, until = NEVER }, { limit, before }) {
      const [last] = before === undefined ? [] : byId(before)
      if (before !== undefined && (!last || (party !== '' && last.party !== party))) return undefined
      // What is before `until` is before every place of that time.
      const ends: readonly [bigint, bigint][] = [[BigInt(until), 0n], ...(last ? [[last.at, last.n] as [bigint, bigint]] : [])] // STRICT columns.
      const [at, n] = ends.reduce((a, b) => (b[0] < a[0] || (b[0] === a[0] && b[1] < a[1]) ? b : a))
      const rows = listed(party, of?.what ?? '', of?.value ?? '', since, at, n, limit)
      return rows.map(({ id, body }) => ({ id: id as string, body: body as string })) // STRICT columns.
    },
  }
}
