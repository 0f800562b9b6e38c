import type { SQLInputValue } from 'node:sqlite'
import type { EventFilter, ListedEvent, ReadModel } from '../../../gateway/ports/readModel.ts'

export type Query = (sql: string) => (...values: SQLInputValue[]) => Record<string, unknown>[]

const COLUMNS = 'SELECT e.id, e.type, e.subject, e.body FROM'

/** How events are read: each list by an index of its own, so that a page costs what is on it. */
export function createEventReads(query: Query): Pick<ReadModel, 'event' | 'events' | 'lastEvent'> {
  const all = query(`${COLUMNS} events e WHERE e.id > ? ORDER BY e.id LIMIT ?`)
  const ofType = query(`${COLUMNS} events e WHERE e.type = ? AND e.id > ? ORDER BY e.id LIMIT ?`)
  const ofSubject = query(`${COLUMNS} events e WHERE e.subject = ? AND e.id > ? ORDER BY e.id`)
  const ofParty = query(`${COLUMNS} event_parties p JOIN events e USING (id) WHERE p.party = ? AND p.id > ? ORDER BY p.id LIMIT ?`)
  const ofPartyAndType = query(
    `${COLUMNS} event_parties p JOIN events e USING (id) WHERE p.party = ? AND p.type = ? AND p.id > ? ORDER BY p.id LIMIT ?`,
  )
  const byId = query(`${COLUMNS} events e WHERE e.id = ?`)
  const knownTo = query('SELECT 1 FROM event_parties WHERE party = ? AND id = ?')
  const last = query('SELECT max(id) AS id FROM events')
  const isOf = (id: string, party: string | undefined) => party === undefined || knownTo(party, id).length > 0

  function events({ party, subject, types }: EventFilter, after: string, limit: number): ListedEvent[] {
    if (subject !== undefined) {
      const found = ofSubject(subject, after).map(toEvent)
      return found.filter((e) => (types?.includes(e.type) ?? true) && isOf(e.id, party)).slice(0, limit)
    }
    if (types === undefined) return (party === undefined ? all(after, limit) : ofParty(party, after, limit)).map(toEvent)
    const found = types.flatMap((type) => (party === undefined ? ofType(type, after, limit) : ofPartyAndType(party, type, after, limit)))
    return found
      .map(toEvent)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit)
  }

  return {
    event: (id, party) => (isOf(id, party) ? byId(id).map(toEvent)[0] : undefined),
    events,
    lastEvent: () => (last()[0]?.id as string | null) ?? '', // STRICT columns.
  }
}

function toEvent(row: Record<string, unknown>): ListedEvent {
  const { id, type, subject, body } = row as Record<keyof ListedEvent, string> // STRICT columns.
  return { id, type, subject, body }
}
