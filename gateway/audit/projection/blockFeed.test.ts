import { describe, expect, test } from 'vitest'
import { requestFacts, runTraffic } from '../../../test/projection/bookTraffic.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { USD } from '../../money/asset.ts'
import type { Block } from '../../ports/journal.ts'
import { type BlockFeed, openBlockFeed } from './blockFeed.ts'
import { lagBehind } from './lag.ts'
import { createReadWaiters } from './readWaiters.ts'

const clock = { ms: 1_700_000_000_000, now: () => clock.ms }

/** A feed over books that have had some traffic. */
async function feedOf(blocks: Block[], keptBlocksMax: number) {
  const feed = await openBlockFeed(memoryJournal(blocks), { keptBlocksMax })
  const books = createBooks({ journal: feed.journal, clock })
  await books.start()
  await runTraffic({ books, clock, seed: 'feed', submissions: 60 })
  return { feed, books }
}

async function readAll(feed: BlockFeed): Promise<number[]> {
  const seqs: number[] = []
  for (let page = await feed.after(0); page.length > 0; page = await feed.after(seqs.at(-1)!)) seqs.push(...page.map((block) => block.seq))
  return seqs
}

describe('a feed of blocks', () => {
  test.each([1, 3, 1000])('gives every block once, in order, while it keeps %d of them', async (kept) => {
    const blocks: Block[] = []
    const { feed, books } = await feedOf(blocks, kept)
    expect(blocks.length).toBeGreaterThan(5)
    expect(await readAll(feed)).toEqual(blocks.map((block) => block.seq))
    expect(await feed.after(blocks.length)).toEqual([])
    await books.close()
  })

  test('knows the head of a journal that was there before it', async () => {
    const blocks: Block[] = []
    await (await feedOf(blocks, 10)).books.close()
    const feed = await openBlockFeed(memoryJournal(blocks))
    expect(feed.head()).toEqual({ seq: blocks.length, at: blocks.at(-1)!.at })
    expect(await readAll(feed)).toHaveLength(blocks.length)
  })

  test('keeps a block as it was, also when the writer uses its buffer again', async () => {
    const blocks: Block[] = []
    const feed = await openBlockFeed(memoryJournal(blocks))
    const data = Buffer.from('first')
    await feed.journal.append({ seq: 1, at: 1n, count: 1, hash: new Uint8Array(32), data })
    data.fill(0)
    const [block] = await feed.after(0)
    expect(Buffer.from(block!.data).toString()).toBe('first')
  })
})

describe('the lag', () => {
  test('counts what is not shown yet in blocks, submissions, seconds and money', async () => {
    const feed = await openBlockFeed(memoryJournal())
    const books = createBooks({ journal: feed.journal, clock })
    await books.start()
    const pay = (n: number, units: bigint) => {
      const id = `en_${n.toString(16).padStart(30, '0')}00` as const
      const leg = { kind: 'move', debit: 'rail:book:house', credit: 'party:pa_1', asset: USD, units } as const
      return books.submit({ facts: requestFacts(n, id, 'USD', units), entry: { id, payment: 'p', legs: [leg] } })
    }
    await pay(1, 7n)
    const shown = { seq: 1, at: feed.head().at }
    clock.ms += 1000
    await pay(2, 40n)
    await pay(3, 2n)
    clock.ms += 500
    const o = { now: clock.ms, assetOf: () => 'USD' }
    expect(lagBehind(feed, shown, o)).toEqual({
      seq: 1,
      head: 3,
      blocks: 2,
      submissions: 2,
      seconds: 0.5,
      money: [{ asset: 'USD', units: 42n }],
      complete: true,
    })
    expect(lagBehind(feed, { seq: 3, at: feed.head().at }, o)).toMatchObject({ blocks: 0, submissions: 0, seconds: 0, money: [] })
    await books.close()
  })

  test('says that it is a bound when more is missing than is kept', async () => {
    const blocks: Block[] = []
    const { feed, books } = await feedOf(blocks, 2)
    const lag = lagBehind(feed, { seq: 0, at: 0n }, { now: clock.ms, assetOf: () => 'USD' })
    expect(lag).toMatchObject({ blocks: blocks.length, complete: false })
    await books.close()
  })
})

describe('a read that waits', () => {
  test('is let go by the block it waits for, not by one before it', async () => {
    const waiters = createReadWaiters()
    const order: string[] = []
    const read = waiters.after(5, 10_000).then(() => order.push('read'))
    waiters.reached(4)
    await Promise.resolve()
    order.push('block 4')
    waiters.reached(5)
    await read
    expect(order).toEqual(['block 4', 'read'])
    await waiters.after(5, 0)
  })

  test('is refused once its time is over, and at once when nothing more will be shown', async () => {
    const waiters = createReadWaiters()
    await expect(waiters.after(1, 1)).rejects.toMatchObject({ code: 'reads_behind' })
    const read = waiters.after(1, 10_000)
    waiters.fail('the disk is full')
    await expect(read).rejects.toThrow('the disk is full')
    await expect(waiters.after(1, 10_000)).rejects.toThrow('the disk is full')
  })
})
