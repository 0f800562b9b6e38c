import type { EventFilter, ListedEvent, ReadModel } from '../../ports/readModel.ts'
import type { FromStreams, ToStreams } from './streamLink.ts'

/** Events read at a time for a stream, and how long they may be together but for the last one: what waits for a reader in all. */
const PAGE = 100
const TEXT_MAX = 256 * 1024

type Stream = { readonly filter: EventFilter; readonly key: string; after: string; ready: boolean }

type Pump = Readonly<{
  hear: (message: Exclude<ToStreams, { kind: 'end' }>) => void
  /** Looks once for what is new, and gives it to every stream that has taken what it was given before. */
  tick: () => void
}>

/** Reads events behind the cursor of each stream. Streams that stand at the same place and want the same are read once. */
export function createPump(o: { reads: Pick<ReadModel, 'events' | 'lastEvent'>; send: (message: FromStreams) => void }): Pump {
  const streams = new Map<number, Stream>()

  function tick(): void {
    if (streams.size === 0) return
    const newest = o.reads.lastEvent()
    const groups = new Map<string, number[]>()
    for (const [id, { key, after, ready }] of streams) {
      if (!ready || after >= newest) continue
      const place = `${after} ${key}`
      const group = groups.get(place)
      if (group) group.push(id)
      else groups.set(place, [id])
    }
    for (const group of groups.values()) give(group, newest)
  }

  function give(group: readonly number[], newest: string): void {
    const { filter, after } = streams.get(group[0]!)!
    const page = o.reads.events(filter, after, PAGE)
    const { text, last } = textOf(page)
    for (const id of group) {
      const stream = streams.get(id)!
      // Where nothing is for it up to the newest, it need not look there again.
      stream.after = last ?? newest
      stream.ready = last === undefined
    }
    if (last !== undefined) o.send({ streams: group, text })
  }

  return {
    hear(message) {
      if (message.kind === 'close') streams.delete(message.stream)
      else if (message.kind === 'open') {
        const { stream, filter, after } = message
        streams.set(stream, { filter, key: JSON.stringify(filter), after, ready: true })
      } else {
        for (const id of message.streams) {
          const stream = streams.get(id)
          if (stream) stream.ready = true
        }
      }
      tick()
    },
    tick,
  }
}

/** Events as text/event-stream has them: a body is one line, as JSON is. */
function textOf(page: readonly ListedEvent[]): Readonly<{ text: string; last: string | undefined }> {
  let text = ''
  let last: string | undefined
  for (const { id, type, body } of page) {
    if (text.length > TEXT_MAX) break
    text += `id: ${id}\nevent: ${type}\ndata: ${body}\n\n`
    last = id
  }
  return { text, last }
}
