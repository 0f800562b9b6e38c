import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { blockHash } from '../../gateway/ledger/journal/blockHash.ts'
import { USD } from '../../gateway/money/asset.ts'
import type { Block, JournalStore } from '../../gateway/ports/journal.ts'

/** One journal that can be opened again after it was closed, and damaged while it is closed. What its hooks return is awaited. */
export type JournalPlace = Readonly<{
  open(): JournalStore | Promise<JournalStore>
  /** Flips one bit in the data of a block. */
  flipBit(seq: number): unknown
  /** Removes a block. */
  remove(seq: number): unknown
  dispose(): unknown
}>

const clock = { now: () => 1_800_000_000_000 }

function nextBlock(previous: Pick<Block, 'seq' | 'hash'>, data: string): Block {
  const header = { seq: previous.seq + 1, at: 1_800_000_000_123_456_789n, count: 30, data: new Uint8Array(Buffer.from(data)) }
  return { ...header, hash: blockHash(previous.hash, header) }
}

async function all(journal: JournalStore, after: number): Promise<Block[]> {
  const blocks: Block[] = []
  for await (const block of journal.read(after)) blocks.push(block)
  return blocks
}

function plain(block: Block): object {
  return { ...block, hash: Buffer.from(block.hash).toString('hex'), data: Buffer.from(block.data).toString('hex') }
}

/** What every store behind the journal port does. */
export function journalStoreBehavior(name: string, place: () => JournalPlace | Promise<JournalPlace>): void {
  describe(`${name} as a journal`, () => {
    let at: JournalPlace
    let journal: JournalStore

    beforeEach(async () => {
      at = await place()
      journal = await at.open()
    })
    afterEach(async () => {
      await journal.close()
      await at.dispose()
    })

    async function reopen(): Promise<void> {
      await journal.close()
      journal = await at.open()
    }

    test('begins empty, with a head of zeros', async () => {
      expect(await journal.head()).toEqual({ seq: 0, hash: new Uint8Array(32) })
      expect(await all(journal, 0)).toEqual([])
    })

    test('gives back to the bit what was appended, also after it was opened again', async () => {
      const one = nextBlock(await journal.head(), 'one')
      const two = nextBlock(one, '\u0000\u00ff two')
      await journal.append(one)
      await journal.append(two)
      await reopen()
      expect((await all(journal, 0)).map(plain)).toEqual([plain(one), plain(two)])
      expect((await all(journal, 1)).map(plain)).toEqual([plain(two)])
      const head = await journal.head()
      expect([head.seq, Buffer.compare(head.hash, two.hash)]).toEqual([2, 0])
    })

    test('reads more blocks than it holds in memory at once, in order', async () => {
      let last: Pick<Block, 'seq' | 'hash'> = await journal.head()
      for (let i = 0; i < 600; i++) {
        const block = nextBlock(last, `block ${i}`)
        await journal.append(block)
        last = block
      }
      expect((await all(journal, 0)).map((b) => b.seq)).toEqual(Array.from({ length: 600 }, (_, i) => i + 1))
    })

    test('keeps a block of three megabytes and one without data', async () => {
      const large = nextBlock(await journal.head(), 'large'.repeat(600_000))
      const empty = nextBlock(large, '')
      await journal.append(large)
      await journal.append(empty)
      await reopen()
      const [first, second] = await all(journal, 0)
      expect([first?.data.byteLength, Buffer.compare(first!.data, large.data), second?.data.byteLength]).toEqual([3_000_000, 0, 0])
    })

    test('reads what stands while it is appended to', async () => {
      const one = nextBlock(await journal.head(), 'one')
      await journal.append(one)
      const reading = journal.read(0)[Symbol.asyncIterator]()
      expect((await reading.next()).value.seq).toBe(1)
      const two = nextBlock(one, 'two')
      await journal.append(two)
      const next = await reading.next()
      expect(next.done ? [] : [next.value.seq]).toEqual([2])
      await reading.return?.()
    })

    test('refuses a block that is not the next one, and keeps nothing of it', async () => {
      const one = nextBlock(await journal.head(), 'one')
      await journal.append(one)
      await expect(journal.append(one)).rejects.toThrow('does not follow')
      await expect(journal.append(nextBlock({ seq: 2, hash: one.hash }, 'three'))).rejects.toThrow('does not follow')
      expect((await journal.head()).seq).toBe(1)
      await journal.append(nextBlock(one, 'two'))
      expect(await all(journal, 0)).toHaveLength(2)
    })

    async function bookThree(): Promise<void> {
      const books = createBooks({ journal, clock })
      await books.start()
      for (const digit of ['1', '2', '3']) {
        const leg = { kind: 'move', debit: 'rail:book:house', credit: 'party:pa_a', asset: USD, units: 5n } as const
        const entry = { id: `en_${digit.repeat(32)}`, payment: 'pi_1', legs: [leg] } as const
        await books.submit({ claims: [{ key: digit, fingerprint: 'f' }], entry })
      }
      await books.close()
    }

    test('starts books that were closed', async () => {
      await bookThree()
      journal = await at.open()
      const books = createBooks({ journal, clock })
      expect(await books.start()).toEqual({ seq: 3, facts: 0, restored: 0 })
      expect(books.balance('party:pa_a', USD).creditsPosted).toBe(15n)
      expect(await books.verify()).not.toHaveProperty('broken')
    })

    test('does not start books of which one bit was changed, and names the block', async () => {
      await bookThree()
      await at.flipBit(2)
      journal = await at.open()
      await expect(createBooks({ journal, clock }).start()).rejects.toThrow('broken at block 2')
    })

    test('does not start books of which a block was taken out, and names the block', async () => {
      await bookThree()
      await at.remove(2)
      journal = await at.open()
      await expect(createBooks({ journal, clock }).start()).rejects.toThrow('block 2 is missing')
    })
  })
}
