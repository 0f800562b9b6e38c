import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSqliteJournal } from '../../adapters/journal/sqlite/openSqliteJournal.ts'
import { type CrashPlace, crashPlace, expectWhole, killWhileSubmitting } from './ledgerCrash.ts'

const KILLS = 10

let place: CrashPlace
beforeEach(() => {
  place = crashPlace()
})
afterEach(() => place.remove())

test('after ten kills every acknowledged submission is there, once and whole', async () => {
  const acknowledged: string[] = []
  for (let kill = 0; kill < KILLS; kill++) acknowledged.push(...(await killWhileSubmitting(place, 1 + kill * 200)))
  await expectWhole(place, acknowledged)
}, 180_000)

describe('a write-ahead log that was left by a kill', () => {
  const log = () => `${place.journal}-wal`

  /** The number in the sentence that refuses the journal: the block that was acknowledged and is no longer there. */
  function refused(): RegExp {
    return /the journal ends at block \d+, but block \d+ was committed/
  }

  test('is refused with the missing block when one of its bits was flipped, which SQLite itself passes over in silence', async () => {
    await killWhileSubmitting(place, 2000)
    const bytes = readFileSync(log())
    bytes[bytes.byteLength >> 2]! ^= 4
    writeFileSync(log(), bytes)
    expect(() => openSqliteJournal(place.journal)).toThrow(refused())
  }, 60_000)

  test('is refused with the missing block when it was cut short', async () => {
    await killWhileSubmitting(place, 2000)
    truncateSync(log(), statSync(log()).size >> 2)
    expect(() => openSqliteJournal(place.journal)).toThrow(refused())
  }, 60_000)
})
