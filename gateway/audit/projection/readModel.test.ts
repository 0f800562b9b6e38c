import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openReadModel } from '../../../adapters/readModel/sqlite/openReadModel.ts'
import { openReadModelWriter } from '../../../adapters/readModel/sqlite/openReadModelWriter.ts'
import { readings } from '../../../app/projector/tellings.ts'
import { receiptId, runTraffic } from '../../../test/projection/bookTraffic.ts'
import { dumpReadModel } from '../../../test/projection/dumpReadModel.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import type { AccountBalance, Books } from '../../ports/books.ts'
import type { Block } from '../../ports/journal.ts'
import { follow, readModelFollower } from './follower.ts'

const SUBMISSIONS = 300

let folder: string
let books: Books
let blocks: Block[]
/** What the books said of every account after each block. */
let told: Map<number, readonly AccountBalance[]>
const clock = { ms: 1_700_000_000_000, now: () => clock.ms }

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-read-'))
  blocks = []
  told = new Map()
  const store = memoryJournal(blocks)
  books = createBooks({
    clock,
    journal: {
      ...store,
      async append(block) {
        await store.append(block)
        told.set(block.seq, books.accounts(''))
      },
    },
  })
  await books.start()
  await runTraffic({ books, clock, seed: 'projection', submissions: SUBMISSIONS })
})
afterEach(async () => {
  await books.close()
  rmSync(folder, { recursive: true })
})

/** Projects the journal into a new file, `size` blocks at a time. */
async function project(name: string, size: number, upTo = blocks.length): Promise<string> {
  const path = join(folder, name)
  const writer = openReadModelWriter(path)
  await follow(
    [readModelFollower(writer, readings)],
    async (after) => blocks.slice(after, Math.min(after + size, upTo)),
    () => undefined,
  )
  writer.close()
  return path
}

const byPath = (a: { path: string; asset: { ledger: number } }, b: typeof a) =>
  a.path === b.path ? a.asset.ledger - b.asset.ledger : a.path < b.path ? -1 : 1

/** Balances without what only one side knows. */
function plain(all: readonly AccountBalance[]): AccountBalance[] {
  return [...all].sort(byPath).map(({ path, asset, debitsPosted, creditsPosted, debitsPending, creditsPending }) => ({
    path,
    asset,
    debitsPosted,
    creditsPosted,
    debitsPending,
    creditsPending,
  }))
}

describe('the read model', () => {
  test('has the balances of the books, above 64 bits too', async () => {
    const reads = openReadModel(await project('read.db', 50))
    expect(plain(reads.balances('', { limit: 1000 }))).toEqual(plain(books.accounts('')))
    expect(reads.balances('', { limit: 1000 }).some((a) => a.creditsPosted > 2n ** 64n)).toBe(true)
    expect(Buffer.from(reads.cursor().hash)).toEqual(Buffer.from(blocks.at(-1)!.hash))
    reads.close()
  })

  test('knows the balances of every account at every past block', async () => {
    const reads = openReadModel(await project('read.db', 50))
    for (const block of blocks) {
      const then = told.get(block.seq)!
      const known = plain(reads.balances('', { limit: 1000, at: block.at }))
      expect(known).toEqual(plain(then))
    }
    reads.close()
  })

  test('sums what was posted by group', async () => {
    const reads = openReadModel(await project('read.db', 50))
    const accounts = reads.balances('', { limit: 1000 })
    const groups = reads.groups()
    for (const { group, asset, debits, credits } of groups) {
      const isOf = (path: string) => path === group || (!group.includes(':') && path.startsWith(`${group}:`))
      const of = accounts.filter((a) => a.asset.id === asset.id && isOf(a.path))
      expect(
        of.reduce((sum, a) => sum + a.debitsPosted, 0n),
        `${group} ${asset.code}`,
      ).toBe(debits)
      expect(
        of.reduce((sum, a) => sum + a.creditsPosted, 0n),
        `${group} ${asset.code}`,
      ).toBe(credits)
    }
    expect(groups.reduce((sum, { debits }) => sum + debits, 0n)).toBe(accounts.reduce((sum, a) => sum + a.debitsPosted, 0n))
    reads.close()
  })

  test('holds every entry with the legs that the books have, and each account’s balance after them', async () => {
    const reads = openReadModel(await project('read.db', 50))
    let legs = 0
    for (const account of reads.balances('', { limit: 1000 })) {
      const history = reads.history(account.n, { limit: 10_000 })
      expect(history.length).toBe(account.changes)
      expect(history.map((c) => c.n)).toEqual(history.map((c) => c.n).toSorted((a, b) => b - a))
      const newest = history[0]!
      const side = newest.debit.account === account.n ? newest.debit : newest.credit
      expect(side).toMatchObject({ debitsPosted: account.debitsPosted, creditsPending: account.creditsPending })
      for (const change of history) {
        if (change.kind === 'expire') continue
        const entry = reads.entry(change.entryId)!
        expect(entry.changes.map((c) => c.kind)).toEqual(books.entry(entry.id)!.legs.map((leg) => leg.kind))
        legs += 1
      }
      const [second] = reads.history(account.n, { limit: 1, before: newest.n })
      expect(second?.n).toBe(history[1]?.n)
    }
    expect(legs).toBeGreaterThan(SUBMISSIONS)
    reads.close()
  })

  test('shows holds that were posted, voided and left to expire, and remembers the open ones', async () => {
    const reads = openReadModel(await project('read.db', 50))
    const kinds = new Set(reads.balances('', { limit: 1000 }).flatMap((a) => reads.history(a.n, { limit: 10_000 }).map((c) => c.kind)))
    expect(kinds).toEqual(new Set(['move', 'hold', 'post', 'void', 'expire']))
    reads.close()
  })

  test('finds a payment with its facts, without the body of its answer', async () => {
    const reads = openReadModel(await project('read.db', 50))
    const [entry] = reads.entriesOf(receiptId(3), 10)
    expect(reads.payment(receiptId(3))).toMatchObject({ kind: 'request', status: 'answered', rail: 'book', key: 'book:3' })
    expect(entry).toMatchObject({ payment: receiptId(3) })
    const facts = reads.facts(receiptId(3), 10)
    const [{ type } = { type: '' }] = facts
    const ofType = facts.filter((fact) => fact.type === type)
    expect(reads.newestFacts(receiptId(3), type, 10)).toEqual(ofType.toReversed())
    expect(reads.newestFacts(receiptId(3), type, 1)).toEqual(ofType.slice(-1))
    expect(reads.newestFacts(receiptId(3), 'nothing.said', 10)).toEqual([])
    expect(facts.map((f) => f.type)).toEqual(['request.claimed', 'receipt.issued', 'request.answered'])
    expect(facts.some((f) => f.data.includes('not copied'))).toBe(false)
    reads.close()
  })

  test('is the same to the byte however its blocks were batched, and however often its projector began again', async () => {
    const whole = [...dumpReadModel(await project('whole.db', 1000))]
    const single = [...dumpReadModel(await project('single.db', 1))]
    await project('resumed.db', 7, 20)
    await project('resumed.db', 3, 61)
    const resumed = [...dumpReadModel(await project('resumed.db', 50))]
    expect(single).toEqual(whole)
    expect(resumed).toEqual(whole)
    expect(whole.length).toBeGreaterThan(SUBMISSIONS * 3)
  })

  test('stops at a block that is not the one that was written, and names it', async () => {
    const at = 12
    const other = blocks[at]!.data.slice()
    other[other.length - 1]! ^= 1
    blocks[at] = { ...blocks[at]!, data: other }
    await expect(project('read.db', 5)).rejects.toThrow('broken at block 13')
  })

  test('does not go on over the journal of another gateway', async () => {
    await project('read.db', 50, 10)
    blocks[10] = { ...blocks[10]!, hash: new Uint8Array(32) }
    await expect(project('read.db', 50)).rejects.toThrow('broken at block 11')
  })
})
