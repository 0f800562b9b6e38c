import { describe, expect, test } from 'vitest'
import { memoryState } from '../../../test/behavior/memoryState.ts'
import type { Books, Fact, Memory } from '../../ports/books.ts'
import type { Block } from '../../ports/journal.ts'
import type { StateStore } from '../../ports/stateStore.ts'
import { createBooks } from './createBooks.ts'
import { memoryJournal } from './memoryJournal.ts'

type Opened = { books: Books; heard: string[]; counts: Map<string, number>; restored: number; facts: number }
type Opening = { name?: string; form?: number; basis?: string; more?: Memory; listen?: (id: string) => void; derive?: () => void }

/** A journal and its state files, and books opened on them with a memory that counts facts by type. */
function place(o: { state?: StateStore; factsBetween?: number } = {}) {
  const blocks: Block[] = []
  const warnings: string[] = []
  const state = o.state ?? memoryState()
  async function open(opening: Opening = {}): Promise<Opened> {
    const { name = 'test.counts', form = 1, basis = '', derive } = opening
    const limits = {
      segmentsInMemory: 1,
      keyStoreSegmentsInMemory: 1,
      recordsBetween: 1_000_000,
      factsBetween: o.factsBetween ?? 1_000_000,
    }
    const books = createBooks({
      journal: memoryJournal(blocks),
      clock: { now: () => 1_800_000_000_000 },
      state,
      basis,
      limits,
      warn: (line) => warnings.push(line),
    })
    const heard: string[] = []
    const counts = new Map<string, number>()
    books.remember({
      name,
      form,
      tables: { counts },
      apply({ type, id }) {
        heard.push(id)
        counts.set(type, (counts.get(type) ?? 0) + 1)
      },
      ...(derive && { derive }),
    })
    if (opening.more) books.remember(opening.more)
    if (opening.listen) books.listen(({ id }) => opening.listen!(id))
    const { restored, facts } = await books.start()
    return { books, heard, counts, restored, facts }
  }
  return { open, warnings, blocks }
}

function fact(n: number): Fact {
  return { type: n % 2 === 0 ? 'test.even' : 'test.odd', id: `fact${n}`, at: n, data: {} }
}

async function notify(books: Books, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n++) await books.submit({ facts: [fact(n)] })
}

/** Ten facts, closed with a snapshot. */
async function closedAfterTen(o: Parameters<typeof place>[0] = {}) {
  const at = place(o)
  const { books } = await at.open()
  await notify(books, 0, 10)
  await books.close()
  return at
}

const TEN = new Map([
  ['test.even', 5],
  ['test.odd', 5],
])

describe('a memory of the books', () => {
  test('is filled from the snapshot and hears only what came after it', async () => {
    const at = await closedAfterTen()
    const again = await at.open()
    expect(again).toMatchObject({ restored: 10, facts: 0, heard: [], counts: TEN })
    await notify(again.books, 10, 12)
    expect(again.heard).toEqual(['fact10', 'fact11'])
    // Killed: the snapshot is still that of block 10.
    const third = await at.open()
    expect(third).toMatchObject({ restored: 10, facts: 2, heard: ['fact10', 'fact11'], counts: again.counts })
    expect(at.warnings).toEqual([])
  })

  test('is in snapshots that are taken while facts come in, each of one block', async () => {
    const at = place({ factsBetween: 4 })
    const { books, counts } = await at.open()
    await notify(books, 0, 30)
    const killed = await at.open()
    expect(killed.restored).toBeGreaterThan(0)
    expect(killed.heard).toEqual(Array.from({ length: 30 - killed.restored }, (_, i) => `fact${killed.restored + i}`))
    expect(killed.counts).toEqual(counts)
  })

  test('that the snapshot does not know hears everything, and so do all others', async () => {
    const at = await closedAfterTen()
    const late = new Set<string>()
    const tables = { late }
    const more: Memory = { name: 'test.late', form: 1, tables, apply: ({ id }) => void late.add(id) }
    const again = await at.open({ more })
    expect(again).toMatchObject({ restored: 0, facts: 10, counts: TEN })
    expect(late.size).toBe(10)
    expect(at.warnings.join()).toMatch(/all facts are read: it does not know test.late/)
    await again.books.close()
    // The snapshot of that close knows both.
    late.clear()
    expect(await at.open({ more })).toMatchObject({ restored: 10, facts: 0, counts: TEN })
    expect(late.size).toBe(10)
  })

  test('of another form, or on another basis, is built from all facts', async () => {
    const at = await closedAfterTen()
    expect(await at.open({ form: 2 })).toMatchObject({ restored: 0, facts: 10, counts: TEN })
    expect(await at.open({ basis: 'other assets' })).toMatchObject({ restored: 0, facts: 10, counts: TEN })
    expect(at.warnings.join('\n')).toMatch(/is of form 1 and not 2.*\n.*another configuration/)
  })

  test('that cannot derive what follows from its tables is emptied, and built from all facts', async () => {
    const at = await closedAfterTen()
    let calls = 0
    const derive = () => {
      calls += 1
      if (calls === 1) throw new Error('an asset is not configured')
    }
    expect(await at.open({ derive })).toMatchObject({ restored: 0, facts: 10, counts: TEN })
    expect(at.warnings.join()).toMatch(/all facts are read: an asset is not configured/)
  })

  test('is built from all facts when the snapshot is damaged or missing', async () => {
    const files = memoryState()
    let damaged = true
    const read: StateStore['read'] = async () => {
      if (damaged) throw new Error('the state file snapshot is damaged')
      return undefined
    }
    const at = await closedAfterTen({ state: { ...files, read: async (name) => ((await files.read(name)) ? read(name) : undefined) } })
    expect(await at.open()).toMatchObject({ restored: 0, facts: 10, counts: TEN })
    expect(at.warnings.join()).toContain('the state file snapshot is damaged')
    damaged = false
    expect(await at.open()).toMatchObject({ restored: 0, facts: 10, counts: TEN })
  })

  test('hears nothing twice beside a listener that wants all facts', async () => {
    const at = await closedAfterTen()
    const all: string[] = []
    const again = await at.open({ listen: (id) => all.push(id) })
    expect(again).toMatchObject({ restored: 10, heard: [], counts: TEN })
    expect(all).toHaveLength(10)
    await notify(again.books, 10, 11)
    expect([again.heard, all.at(-1)]).toEqual([['fact10'], 'fact10'])
  })

  test('has a name of its own', async () => {
    const at = place()
    await expect(at.open({ more: { name: 'test.counts', form: 1, tables: {}, apply: () => undefined } })).rejects.toThrow(
      'there is one memory test.counts',
    )
  })
})
