import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Memory } from '../../gateway/ports/books.ts'
import type { Block } from '../../gateway/ports/journal.ts'
import { memoryState } from '../behavior/memoryState.ts'
import { readSources } from '../tidy/source.ts'
import { createDice } from './dice.ts'
import forms from './forms.json' with { type: 'json' }
import { openRooms, type Rooms } from './openRooms.ts'
import { imageOf, linksOf, readingsOf } from './readings.ts'
import { traffic } from './traffic.ts'

const SEEDS = [1, 2, 3, 4, 5, 6]
/** Restarts of one journal, each after a random number of submissions. */
const STARTS = 6
const SUBMISSIONS_MAX = 250
/** From one snapshot to the next: each costs what all rooms hold. */
const FACTS_BETWEEN = 193
/** What the digests in forms.json are of. */
const FORMS_SEED = 77
const FORMS_SUBMISSIONS = 1_500

/** Things that have an end, and leave memory after it. */
const PROCESSES = [
  'pass.store',
  'payout.store',
  'exchange.store',
  'netting.store',
  'batch.store',
  'quote.store',
  'recall.store',
  'withdrawal.store',
  'suspense.store',
  'facilitator.errands',
  'refund.store',
  'disputes',
  'orders.store',
  'paymentLink.store',
  'invoices',
  'plan.store',
  'subscription.store',
  'reconciliation.breaks',
]
/** How many of each had left, over all seeds. */
const left = new Map<string, number>()
const thingsOf = ({ memories }: Rooms, process: string) => [...memories.find(({ name }) => name === process)!.tables.byId!].length

/** Rows that were met at the ends of journals, by table. */
const met = new Map<string, number>()

/** What rooms know, by memory, and what they answer. */
function knownBy(rooms: Rooms): Record<string, string> {
  const images = rooms.memories.map((memory) => [memory.name, imageOf(memory)] as const)
  const links = [...(rooms.memories.find(({ name }) => name === 'wallet.withdrawLinks')!.tables.byId as Map<string, unknown>).keys()]
  return { ...Object.fromEntries(images), readings: readingsOf(rooms), links: linksOf(rooms, links) }
}

describe('rooms that are filled from a snapshot', () => {
  test.each(SEEDS)('know byte for byte what rooms know that heard everything, wherever it was taken (seed %i)', async (seed) => {
    const blocks: Block[] = []
    const state = memoryState()
    const dice = createDice(seed + 1_000)
    const told = traffic(seed)
    let rooms = await openRooms(blocks, { state, factsBetween: FACTS_BETWEEN })
    for (let start = 0; start < STARTS; start++) {
      for (let n = 1 + dice.below(SUBMISSIONS_MAX); n > 0; n--) await rooms.books.submit({ facts: told.next().value })
      const all = await openRooms(blocks)
      const known = knownBy(all)
      expect(knownBy(rooms)).toEqual(known)
      // Every other time it is killed: the snapshot is then an older one, and the facts after it are heard.
      if (dice.percent(50)) await rooms.books.close()
      rooms = await openRooms(blocks, { state, factsBetween: FACTS_BETWEEN })
      expect(rooms.warnings).toEqual([])
      expect(rooms.restored).toBeGreaterThan(0)
      expect(rooms.facts).toBeLessThan(all.facts)
      expect(knownBy(rooms)).toEqual(known)
    }
    for (const { name, tables } of rooms.memories)
      for (const [table, rows] of Object.entries(tables)) met.set(`${name} ${table}`, (met.get(`${name} ${table}`) ?? 0) + [...rows].length)
  })

  test('were all met with something in every table', () => {
    expect([...met].filter(([, rows]) => rows === 0).map(([table]) => table)).toEqual([])
  })

  test.each(SEEDS)('answer the same when what has ended has left them (seed %i)', async (seed) => {
    const blocks: Block[] = []
    const few = await openRooms(blocks)
    const told = traffic(seed)
    for (let n = 0; n < FORMS_SUBMISSIONS; n++) await few.books.submit({ facts: told.next().value })
    const all = await openRooms(blocks, { endedKept: 1_000_000 })
    expect(readingsOf(few)).toEqual(readingsOf(all))
    const heldBy = (rooms: Rooms) => rooms.memories.map((memory) => imageOf(memory).length).reduce((a, b) => a + b)
    expect(heldBy(few)).toBeLessThan(heldBy(all) / 2)
    for (const process of PROCESSES) left.set(process, (left.get(process) ?? 0) + thingsOf(all, process) - thingsOf(few, process))
  })

  test('were met with things of every durable process that had left them', () => {
    expect(PROCESSES.filter((process) => !left.get(process))).toEqual([])
  })

  test('raise their form when the same facts come to other tables', async () => {
    const rooms = await openRooms([])
    const told = traffic(FORMS_SEED)
    for (let n = 0; n < FORMS_SUBMISSIONS; n++) await rooms.books.submit({ facts: told.next().value })
    const digest = (memory: Memory) => createHash('sha256').update(imageOf(memory)).digest('hex').slice(0, 16)
    const found = Object.fromEntries(rooms.memories.map((memory) => [memory.name, { form: memory.form, digest: digest(memory) }]))
    const advice = 'a room with another digest raises its form; then, or when the stories of this test have changed, correct forms.json'
    expect(found, advice).toEqual(forms)
  })

  test('are all rooms of the gateway that listen to facts', async () => {
    const sources = readSources(`${import.meta.dirname}/../..`).filter(({ path }) => /^gateway\/(?!ledger\/).*(?<!\.test)\.ts$/.test(path))
    // By itself, or with the records of a durable process.
    const remembers = /\b(?:books\.remember|createUnclaimedOf<[^>]*>|recordsOf(?:<[^>]*>)?)\(\{[^}]*?name: '([^']+)'/g
    const named = sources.flatMap(({ text }) => [...text.matchAll(remembers)].map((match) => match[1]!))
    const { memories } = await openRooms([])
    expect(named.sort()).toEqual(memories.map(({ name }) => name).sort())
    // A plain listener would make every start read every fact.
    expect(sources.filter(({ text }) => /\bbooks\.listen\(/.test(text)).map(({ path }) => path)).toEqual([])
  })
})
