import type { TellBlock } from '../../audit/projection/follower.ts'
import { invariant } from '../../errors/invariant.ts'
import { formatAmount } from '../../money/money.ts'
import { PLAIN_ASSETS } from '../../money/plainAssets.ts'
import type { EventSubject, ReadEvent } from '../../ports/readModel.ts'
import { EVENTS } from '../catalog/catalog.ts'
import { eventId } from './eventId.ts'
import { type Scene, type Telling, type Told, timeText } from './telling.ts'

/** The events of the blocks of a journal: the same blocks give the same events, however often and wherever they are read. */
export function blockTeller(tellings: readonly Telling[]): TellBlock {
  return (seq, submissions, behind) => {
    const events: ReadEvent[] = []
    const notes = new Map<string, EventSubject>()
    const scene = sceneOf(notes, behind)
    let n = 0
    for (const { facts = [] } of submissions) {
      for (const fact of facts) {
        let i = 0
        for (const tell of tellings) {
          for (const told of tell(fact, scene)) {
            events.push(eventRow(eventId({ seq, n, i }), fact.at, told))
            i += 1
          }
        }
        n += 1
      }
    }
    return { events, subjects: [...notes].map(([id, { parties, data }]) => ({ id, parties, data })) }
  }
}

function sceneOf(notes: Map<string, EventSubject>, behind: Parameters<TellBlock>[2]): Scene {
  const recall = (id: string) => notes.get(id) ?? behind.subject(id)
  return {
    recall,
    note: (id, subject) => void notes.set(id, subject),
    partiesOf: (payee) => (payee.startsWith('pa_') ? [payee] : (recall(payee.toLowerCase())?.parties ?? [])),
    amount({ asset: id, units }) {
      const asset = PLAIN_ASSETS.get(id) ?? behind.asset(id)
      invariant(asset, `the asset ${id} of an event has an account`)
      return { asset: id, amount: formatAmount({ asset, units: BigInt(units) }) }
    },
  }
}

function eventRow(id: string, at: number, { type, subject, parties, data }: Told): ReadEvent {
  const { version } = EVENTS[type]
  const body = JSON.stringify({ id, object: 'event', type, version, created_at: timeText(at), subject, data })
  return { id, type, subject, parties: [...new Set(parties)], body }
}
