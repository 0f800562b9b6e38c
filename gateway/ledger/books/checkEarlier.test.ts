import { describe, expect, test } from 'vitest'
import { memoryState } from '../../../test/behavior/memoryState.ts'
import type { Block, JournalStore } from '../../ports/journal.ts'
import { checkEarlier } from './checkEarlier.ts'
import { createBooks } from './createBooks.ts'
import { memoryJournal } from './memoryJournal.ts'

/** More than are checked in one go. */
const BLOCKS = 300
const clock = { now: () => 1_800_000_000_000 }

async function journalOf(count: number): Promise<Block[]> {
  const blocks: Block[] = []
  const books = createBooks({ journal: memoryJournal(blocks), clock })
  await books.start()
  for (let n = 0; n < count; n++) await books.submit({ facts: [{ type: 'test.told', id: `fact${n}`, at: n, data: {} }] })
  await books.close()
  return blocks
}

/** What is found in these blocks, up to the last of `sound`. */
async function found(blocks: Block[], sound: readonly Block[]): Promise<{ errors: string[]; read: number[] }> {
  const errors: string[] = []
  const read: number[] = []
  const journal = memoryJournal(blocks)
  const reading: Pick<JournalStore, 'read'> = {
    read(after) {
      read.push(after + 1)
      return journal.read(after)
    },
  }
  await checkEarlier(reading, sound.at(-1)!, (error) => errors.push(String(error))).ended
  return { errors, read }
}

function changed(block: Block): Block {
  const data = Uint8Array.from(block.data)
  data[data.length - 1]! ^= 1
  return { ...block, data }
}

describe('the check of blocks that a start did not read', () => {
  test('reads each of them once and finds nothing in a sound journal', async () => {
    const blocks = await journalOf(BLOCKS)
    const { errors, read } = await found([...blocks], blocks.slice(0, BLOCKS - 5))
    expect(errors).toEqual([])
    expect(read).toEqual(Array.from({ length: BLOCKS - 5 }, (_, i) => i + 1))
  })

  test('names the first block that is changed or missing', async () => {
    const blocks = await journalOf(BLOCKS)
    const edited = blocks.map((block) => (block.seq === 200 ? changed(block) : block))
    expect((await found(edited, blocks)).errors.join()).toMatch(/hash chain is broken at block 200/)
    const gap = blocks.filter(({ seq }) => seq !== 200)
    expect((await found(gap, blocks)).errors.join()).toMatch(/gap: block 200 is missing/)
    expect((await found(blocks.slice(0, 250), blocks)).errors.join()).toMatch(/ends before block 251/)
  })

  test('does not take another journal for the one of the snapshot', async () => {
    const blocks = await journalOf(3)
    const other = { ...blocks[2]!, hash: new Uint8Array(32) }
    expect((await found(blocks, [other])).errors.join()).toMatch(/block 3 is not the one that the snapshot was taken after/)
  })

  test('says nothing when it is closed before its end', async () => {
    const blocks = await journalOf(3)
    const errors: unknown[] = []
    const check = checkEarlier(memoryJournal([changed(blocks[0]!)]), blocks[2]!, (error) => errors.push(error))
    await check.close()
    expect(errors).toEqual([])
  })

  test('stops books that started from a snapshot, and says why', async () => {
    const blocks: Block[] = []
    const state = memoryState()
    const warnings: string[] = []
    const open = (onStop?: (error: unknown) => void) => {
      const warn = (line: string) => warnings.push(line)
      const books = createBooks({ journal: memoryJournal(blocks), clock, state, warn, ...(onStop && { onStop }) })
      books.remember({ name: 'test.none', form: 1, tables: {}, apply: () => undefined })
      return books
    }
    const fact = { type: 'test.told', id: 'fact', at: 0, data: {} }
    const first = open()
    await first.start()
    for (let n = 0; n < 5; n++) await first.submit({ facts: [fact] })
    await first.close()
    blocks[1] = changed(blocks[1]!)
    const stopped = Promise.withResolvers<unknown>()
    const books = open(stopped.resolve)
    expect(await books.start()).toEqual({ seq: 5, facts: 0, restored: 5 })
    expect(String(await stopped.promise)).toContain('hash chain is broken at block 2')
    expect(warnings.join()).toContain('the books stop: the journal')
    await expect(books.submit({ facts: [fact] })).rejects.toMatchObject({ code: 'outcome_unknown' })
    await books.close()
    expect(blocks).toHaveLength(5)
  })
})
