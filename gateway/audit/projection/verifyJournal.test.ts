import { describe, expect, test } from 'vitest'
import { entryId, runTraffic } from '../../../test/projection/bookTraffic.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { encodeBlock } from '../../ledger/journal/blockData.ts'
import { blockHash } from '../../ledger/journal/blockHash.ts'
import { accountId } from '../../ledger/journal/chart.ts'
import { entryBase } from '../../ledger/journal/legIds.ts'
import { createMachine } from '../../ledger/machine/machine.ts'
import { EUR, USD } from '../../money/asset.ts'
import type { Block } from '../../ports/journal.ts'
import { journalLine, readJournalLines } from './journalLines.ts'
import { verifyJournal } from './verifyJournal.ts'

const clock = { ms: 1_700_000_000_000, now: () => clock.ms }

async function honest(): Promise<Block[]> {
  const blocks: Block[] = []
  const books = createBooks({ journal: memoryJournal(blocks), clock })
  await books.start()
  await runTraffic({ books, clock, seed: 'verify', submissions: 120 })
  await books.close()
  return blocks
}

async function* each(blocks: readonly Block[]): AsyncGenerator<Block> {
  yield* blocks
}

/** One entry between two accounts that somebody has written with a machine of no rules, and a hash that fits. */
function forged(o: { flags: number; debit: string; credit: string; named?: typeof EUR }): Block {
  const machine = createMachine()
  const assets = [USD, o.named ?? USD]
  const accounts = [o.debit, o.credit].map((path, i) => ({ id: accountId(path, assets[i]!), path, asset: assets[i]! }))
  machine.createAccounts(
    accounts.map(({ id }) => ({ id, ledger: 1, code: 2, flags: o.flags })),
    1n,
  )
  const id = entryId(1)
  const [debit, credit] = accounts.map((account) => account.id) as [bigint, bigint] // Two accounts.
  machine.createTransfers([{ id: entryBase(id), debitAccountId: debit, creditAccountId: credit, amount: 5n, ledger: 1, code: 1 }], 2n)
  const data = encodeBlock({ accounts, rows: [JSON.stringify({ entry: { id, payment: 'forged', legs: 1 } })], machine })
  const header = { seq: 1, at: 9n, count: 1, data }
  return { ...header, hash: blockHash(new Uint8Array(32), header) }
}

describe('a journal', () => {
  test('that the books have written is whole, and its debits equal its credits', async () => {
    const blocks = await honest()
    const found = await verifyJournal(each(blocks))
    expect(found.wrong).toEqual([])
    expect(found.head.seq).toBe(blocks.length)
    expect(found.sums.map((s) => s.asset.code)).toEqual(['USD', 'BTC', 'ETH'])
    for (const sum of found.sums) expect(sum.debitsPosted).toBe(sum.creditsPosted)
  })

  test.each([
    ['a missing block', (b: Block[]) => b.toSpliced(3, 1), 'block 4 is missing'],
    ['a block twice', (b: Block[]) => b.toSpliced(3, 0, b[3]!), 'block 5 is missing, the next one is 4'],
    ['another time', (b: Block[]) => b.with(5, { ...b[5]!, at: b[5]!.at + 1n }), 'broken at block 6'],
    ['another hash', (b: Block[]) => b.with(5, { ...b[5]!, hash: new Uint8Array(32) }), 'broken at block 6'],
  ])('with %s is not, and the block is named', async (_, change, what) => {
    const found = await verifyJournal(each(change(await honest())))
    expect(found.wrong.join()).toContain(what)
  })

  test('whose hashes fit is still judged by the rules of the chart of accounts', async () => {
    const overdrawn = await verifyJournal(each([forged({ flags: 0, debit: 'party:pa_1', credit: 'party:pa_2' })]))
    expect(overdrawn.wrong).toEqual(['block 1: party:pa_1 in USD owes more than it has'])
    const given = await verifyJournal(each([forged({ flags: 0, debit: 'fee:earned', credit: 'rail:book:house' })]))
    expect(given.wrong).toEqual(['block 1: rail:book:house in USD has given more than it got'])
  })

  test('in which money changes its asset on the way is found out', async () => {
    const found = await verifyJournal(each([forged({ flags: 0, debit: 'rail:book:house', credit: 'fee:earned', named: EUR })]))
    expect(found.wrong).toContain('block 1: change 1 is between USD and EUR')
    expect(found.wrong).toContain('USD: 5 debits, 0 credits')
  })
})

describe('an exported journal', () => {
  async function* lines(text: string): AsyncGenerator<string> {
    yield* text.split('\n')
  }

  test.each([true, false])('reads back as it was, with content for people: %s', async (withContent) => {
    const blocks = await honest()
    const text = blocks.map((block) => journalLine(block, withContent)).join('')
    const read: Block[] = []
    for await (const block of readJournalLines(lines(text))) read.push(block)
    expect(read.map((b) => [b.seq, b.at, b.count])).toEqual(blocks.map((b) => [b.seq, b.at, b.count]))
    expect((await verifyJournal(readJournalLines(lines(text)))).wrong).toEqual([])
    expect(text.includes('"kind":"transfer"')).toBe(withContent)
    const keys = new Set(text.split('\n').flatMap((line) => (line === '' ? [] : Object.keys(JSON.parse(line).content ?? {}))))
    expect([...keys]).toEqual(withContent ? ['accounts', 'submissions', 'records'] : [])
  })

  test.each([
    '{',
    '[]',
    'null',
    '{"seq":1.5,"at":"1","count":1,"hash":"00","data":""}',
    '{"seq":1,"at":1,"count":1,"hash":"00","data":""}',
  ])('with the line %s is refused', async (line) => {
    await expect(verifyJournal(readJournalLines(lines(line)))).rejects.toThrow('line 1 is not a block')
  })
})
