import { describe, expect, test } from 'vitest'
import { max } from '../../money/integers.ts'
import { KIND } from './layout.ts'
import { findRecord, newRecordLog, popRecord, pushRecord, type RecordLog, releaseSegment } from './recordLog.ts'
import { SEGMENT_RECORDS } from './segment.ts'
import { newRows } from './words.ts'

const row = newRows(1)

/** Ids in the order of time, as UUIDs of version 7 are. */
function ordered(n: number): void {
  row.words.fill(0)
  row.words[3] = 0x0190_0000
  row.words[2] = n
}

/** Ids without any order, as many clients make them. The steps are MurmurHash3's last ones. */
function random(n: number): void {
  row.words.fill(0)
  for (let word = 0; word < 4; word++) {
    let h = Math.imul(4 * n + word + 1, 0x9e3779b1)
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
    row.words[word] = h ^ (h >>> 16)
  }
}

/** Every hundredth id has no order; one of those that come first is larger than all that follow. */
function mixed(n: number): void {
  if (n % 100 === 7) random(n)
  else ordered(n)
}

/** In the order of time, but for neighbours that change places, also across the end of a segment. */
function jittered(n: number): void {
  ordered(n ^ 37)
}

const ORDERS = [
  ['in the order of time', ordered],
  ['nearly in the order of time', jittered],
  ['in no order', random],
  ['mixed', mixed],
] as const

/** A log whose full segments have all left memory, and how often what left it is read. */
function filled(id: (n: number) => void, segments: number): { log: RecordLog; reads: () => number } {
  const log = newRecordLog()
  const kept: Uint8Array[] = []
  let reads = 0
  log.segmentStore = {
    read(segment, offset, length) {
      reads += 1
      return Uint8Array.from(kept[segment]!.subarray(offset, offset + length))
    },
  }
  for (let n = 0; n < segments * SEGMENT_RECORDS + 100; n++) {
    id(n)
    pushRecord(log, KIND.transfer, row.words, 0)
  }
  for (let n = 0; n < segments; n++) {
    kept.push(log.segments[n]!.bytes.slice())
    releaseSegment(log, n)
  }
  return { log, reads: () => reads }
}

function placeOf(log: RecordLog, id: (n: number) => void, n: number): number | undefined {
  id(n)
  return findRecord(log, row.words, 0)?.place
}

describe.each(ORDERS)('with ids %s', (_, id) => {
  test('every record is found by its id, and no other one is', () => {
    const { log } = filled(id, 3)
    for (let n = 0; n < log.count; n += 61) expect(placeOf(log, id, n)).toBe(n)
    for (const end of [SEGMENT_RECORDS, 2 * SEGMENT_RECORDS, 3 * SEGMENT_RECORDS])
      for (let n = end - 70; n < end + 70; n++) expect(placeOf(log, id, n)).toBe(n)
    for (let n = 0; n < 1000; n++) expect(placeOf(log, id, log.count + 1000 + n)).toBeUndefined()
  })

  test('what is read to find a record, or that there is none, is the same whatever the log holds', () => {
    const readsOf = (segments: number) => {
      const { log, reads } = filled(id, segments)
      let most = 0
      for (let n = 0; n < 400; n++) {
        const before = reads()
        // Old and new ones, and as many that were never there.
        expect(placeOf(log, id, n * 29)).toBe(n * 29)
        expect(placeOf(log, id, log.count + 2000 + n)).toBeUndefined()
        most = max(most, reads() - before)
      }
      return most
    }
    const [few, many] = [readsOf(2), readsOf(24)]
    expect(few).toBeGreaterThan(0)
    expect(many).toBeLessThanOrEqual(few + 2)
  })

  test('records that were taken back are not found, and others can have their places', () => {
    const { log } = filled(id, 1)
    const count = log.count
    // Back across the end of a segment that had not left memory.
    for (let n = count; n < 2 * SEGMENT_RECORDS + 50; n++) {
      id(n)
      pushRecord(log, KIND.transfer, row.words, 0)
    }
    while (log.count > 2 * SEGMENT_RECORDS - 50) popRecord(log)
    for (let n = log.count; n < 2 * SEGMENT_RECORDS + 50; n++) expect(placeOf(log, id, n)).toBeUndefined()
    const others = 1_000_000
    for (let n = 0; n < 200; n++) {
      id(others + n)
      pushRecord(log, KIND.transfer, row.words, 0)
    }
    for (let n = 0; n < 200; n++) expect(placeOf(log, id, others + n)).toBe(2 * SEGMENT_RECORDS - 50 + n)
    for (let n = 0; n < 2 * SEGMENT_RECORDS - 50; n += 31) expect(placeOf(log, id, n)).toBe(n)
  })
})
