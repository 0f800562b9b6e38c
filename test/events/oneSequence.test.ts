import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReadModel } from '../../adapters/readModel/sqlite/openReadModel.ts'
import { openReadModelWriter } from '../../adapters/readModel/sqlite/openReadModelWriter.ts'
import { createPump } from '../../gateway/events/relay/pump.ts'
import { eventId } from '../../gateway/events/telling/eventId.ts'
import type { BlockRows, EventFilter, ReadEvent, ReadModel, ReadModelWriter } from '../../gateway/ports/readModel.ts'

const [TYPES, SUBJECTS, PARTIES] = [
  ['payout.sent', 'payout.settled', 'payment.settled'],
  ['po_1', 'po_2', 'rc_3', 'rc_4'],
  ['pa_1', 'pa_2', 'pa_3'],
]
const BLOCKS = 150
const NOTHING = {
  accounts: [],
  entries: [],
  changes: [],
  marks: [],
  opened: [],
  closed: [],
  facts: [],
  acts: [],
  payments: [],
  subjects: [],
  listed: [],
}

const some = (of: readonly string[], most = of.length) => fc.subarray([...of], { maxLength: most })
const filters: fc.Arbitrary<EventFilter> = fc.record({
  party: fc.option(fc.constantFrom(...PARTIES!), { nil: undefined }),
  subject: fc.option(fc.constantFrom(...SUBJECTS!), { nil: undefined }),
  types: fc.option(some(TYPES!), { nil: undefined }),
})

let folder: string
let writer: ReadModelWriter
let reads: ReadModel
const told: ReadEvent[] = []

/** The events of one block more. */
function add(seq: number, drawn: readonly Omit<ReadEvent, 'id' | 'body'>[]): void {
  const events = drawn.map((event, n) => ({ ...event, id: eventId({ seq, n, i: 0 }), body: JSON.stringify({ seq, n }) }))
  told.push(...events)
  const rows: BlockRows = { seq, ...NOTHING, events }
  writer.apply([rows], { accounts: [], groups: [] }, { seq, hash: new Uint8Array(32), at: BigInt(seq) })
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-events-'))
  writer = openReadModelWriter(join(folder, 'read.db'))
  const drawn = fc.sample(
    fc.array(fc.record({ type: fc.constantFrom(...TYPES!), subject: fc.constantFrom(...SUBJECTS!), parties: some(PARTIES!, 2) }), {
      maxLength: 6,
    }),
    { numRuns: BLOCKS, seed: 15 },
  )
  for (const [i, events] of drawn.entries()) add(i + 1, events)
  reads = openReadModel(join(folder, 'read.db'))
})
afterAll(() => {
  reads.close()
  writer.close()
  rmSync(folder, { recursive: true })
})

const wanted = ({ party, subject, types }: EventFilter, after: string) =>
  told
    .filter((e) => e.id > after && (subject === undefined || e.subject === subject) && (types?.includes(e.type) ?? true))
    .filter((e) => party === undefined || e.parties.includes(party))
    .map(({ id }) => id)

/** The ids of all pages. */
function pagesOf(filter: EventFilter, after: string, limit: number): string[] {
  const ids: string[] = []
  for (let cursor = after; ; ) {
    const page = reads.events(filter, cursor, limit)
    ids.push(...page.map(({ id }) => id))
    if (page.length < limit) return ids
    cursor = page.at(-1)!.id
  }
}

/** The ids that a stream is given which is cut off after each so many chunks and comes again, with another reader of the same beside it. */
function streamOf(filter: EventFilter, after: string, chunks: number): string[] {
  const ids: string[] = []
  const sent = new Map<number, string>()
  const pump = createPump({ reads, send: ({ streams, text }) => streams.forEach((stream) => void sent.set(stream, text)) })
  pump.hear({ kind: 'open', stream: 0, filter, after })
  let cursor = after
  for (let stream = 1; ; stream++) {
    pump.hear({ kind: 'open', stream, filter, after: cursor })
    for (let n = 0; n < chunks; n++) {
      const text = sent.get(stream)
      sent.delete(stream)
      if (text === undefined) return ids
      const news = [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id!)
      ids.push(...news)
      cursor = news.at(-1)!
      pump.hear({ kind: 'taken', streams: [stream, 0] })
    }
    pump.hear({ kind: 'close', stream })
    sent.delete(stream)
  }
}

describe('from any event on, by any filter', () => {
  const places = fc.integer({ min: -1, max: 300 })
  const cursorAt = (place: number) => (place < 0 ? '' : (told[place % told.length]?.id ?? ''))

  test('pages of any size are one sequence', () => {
    fc.assert(
      fc.property(filters, places, fc.integer({ min: 1, max: 40 }), (filter, place, limit) => {
        expect(pagesOf(filter, cursorAt(place), limit)).toEqual(wanted(filter, cursorAt(place)))
      }),
    )
  })

  test('a stream is the same sequence, however often it breaks off', () => {
    fc.assert(
      fc.property(filters, places, fc.integer({ min: 1, max: 5 }), (filter, place, chunks) => {
        expect(streamOf(filter, cursorAt(place), chunks)).toEqual(wanted(filter, cursorAt(place)))
      }),
    )
  })

  test('an event is found by its id by those whose it is', () => {
    for (const { id, parties } of told.slice(0, 50)) {
      expect(reads.event(id)).toMatchObject({ id })
      for (const party of PARTIES!) expect(reads.event(id, party)?.id).toBe(parties.includes(party) ? id : undefined)
    }
    expect(reads.event(eventId({ seq: 9_999, n: 0, i: 0 }))).toBeUndefined()
  })
})

test('a stream gets nothing more before it has taken what it was given, and then what came meanwhile', () => {
  const sent: string[] = []
  const pump = createPump({ reads, send: ({ text }) => void sent.push(text) })
  const after = told.at(-1)!.id
  pump.hear({ kind: 'open', stream: 1, filter: {}, after })
  expect(sent).toEqual([])
  for (const seq of [BLOCKS + 1, BLOCKS + 2, BLOCKS + 3]) {
    add(seq, [{ type: 'payout.sent', subject: 'po_1', parties: [] }])
    pump.tick()
    pump.tick()
  }
  expect(sent).toHaveLength(1)
  pump.hear({ kind: 'taken', streams: [1] })
  expect(sent).toHaveLength(2)
  const ids = sent.flatMap((text) => [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id))
  expect(ids).toEqual(told.filter(({ id }) => id > after).map(({ id }) => id))
})
