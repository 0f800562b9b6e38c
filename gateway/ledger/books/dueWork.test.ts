import { expect, test } from 'vitest'
import { addSegment, newRecordLog, type RecordLog, releaseSegment } from '../rows/recordLog.ts'
import { newSegment, SEGMENT_RECORDS } from '../rows/segment.ts'
import { emptyBooks } from './bookState.ts'
import { dueSegments, LIMITS } from './dueWork.ts'

/** A log of so many segments, of which all but twenty have left memory; it counts how often a segment is looked at. */
function logOf(count: number): { log: RecordLog; looks: () => number } {
  let looked = 0
  const segments = new Proxy<RecordLog['segments']>([], {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) looked += 1
      return Reflect.get(target, key, receiver)
    },
  })
  const log: RecordLog = Object.assign(newRecordLog(), { segments })
  log.segmentStore = { read: () => new Uint8Array(0) }
  const segment = newSegment()
  for (let n = 0; n < count; n++) addSegment(log, segment)
  log.count = count * SEGMENT_RECORDS
  for (let n = 0; n < count - 20; n++) releaseSegment(log, n)
  looked = 0
  return { log, looks: () => looked }
}

test('what is due after a commit is found without looking at what has left memory', () => {
  const [few, many] = [logOf(30), logOf(3_000)]
  const since = { records: 0, seq: 0, facts: 0, archiveIsNew: true }
  for (const [{ log, looks }, first] of [
    [few, 10],
    [many, 2_980],
  ] as const) {
    const books = emptyBooks(0)
    Object.assign(books.machine.state, { log })
    expect(dueSegments(books, LIMITS, since)?.records).toEqual([first, first + 1, first + 2, first + 3])
    expect(looks()).toBeLessThan(5)
  }
})
