import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSqliteJournal } from '../../adapters/journal/sqlite/openSqliteJournal.ts'
import { openReadModelWriter } from '../../adapters/readModel/sqlite/openReadModelWriter.ts'
import type { AuditAnswers } from '../../gateway/audit/log/auditAnswers.ts'
import { decodeHash, readCheckpoint } from '../../gateway/audit/log/checkpoint.ts'
import { checkReceiptProof, type ProvenReceipt } from '../../gateway/audit/log/checkReceiptProof.ts'
import { verifyConsistency } from '../../gateway/audit/log/verifyProof.ts'
import { openBlockFeed } from '../../gateway/audit/projection/blockFeed.ts'
import { follow, readModelFollower } from '../../gateway/audit/projection/follower.ts'
import { type Receipt, receiptSigner } from '../../gateway/audit/receipt/receipt.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { factsAt } from '../../gateway/ledger/journal/factsAt.ts'
import type { Block, JournalStore } from '../../gateway/ports/journal.ts'
import { runTraffic } from '../../test/projection/bookTraffic.ts'
import { dumpReadModel } from '../../test/projection/dumpReadModel.ts'
import { openProjector } from './openProjector.ts'
import { readings } from './tellings.ts'

const DEADLINE_MS = 20_000
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string // A PEM is text.
const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }) as string // A PEM is text.

let folder: string
const clock = { ms: 1_700_000_000_000, now: () => clock.ms }
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-projector-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Books on a journal with their projector, as `openGateway.ts` puts them together. */
async function open(store: JournalStore = openSqliteJournal(join(folder, 'journal.db'))) {
  const log: string[] = []
  const feed = await openBlockFeed(store)
  const books = createBooks({ journal: feed.journal, clock })
  await books.start()
  const start = {
    dataDir: folder,
    feed,
    privateKeyPem,
    clock,
    assetOf: (ledger: number) => `ledger ${ledger}`,
    logLevel: 'silent',
    log: (line: string) => log.push(line),
  }
  const projector = await openProjector(start)
    .start()
    .catch(async (error: unknown) => {
      await books.close()
      throw error
    })
  return {
    books,
    projector,
    log,
    feed,
    shown: () => projector.readAfter(books.head().seq, DEADLINE_MS),
    async close() {
      await books.close()
      await projector.close()
    },
  }
}

const balancesOf = (all: readonly { path: string; debitsPosted: bigint; creditsPosted: bigint; debitsPending: bigint }[]) =>
  all.map((a) => `${a.path} ${a.debitsPosted} ${a.creditsPosted} ${a.debitsPending}`).sort()

async function until<T>(ask: () => T | undefined): Promise<T> {
  const end = Date.now() + DEADLINE_MS
  for (;;) {
    const found = ask()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error('it did not happen in time')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('the projector', () => {
  test('shows what was written before a read that waits for it', async () => {
    const yard = await open()
    await runTraffic({ books: yard.books, clock, seed: 'first', submissions: 150 })
    await yard.shown()
    expect(balancesOf(yard.projector.reads.balances('', { limit: 1000 }))).toEqual(balancesOf(yard.books.accounts('')))
    expect(yard.projector.lag()).toMatchObject({ blocks: 0, submissions: 0, seconds: 0, money: [], complete: true })
    await yard.close()
  })

  test('tells a read that waits for more than there will be so, in time', async () => {
    const yard = await open()
    await expect(yard.projector.readAfter(1000, 50)).rejects.toMatchObject({ code: 'reads_behind', status: 503 })
    await yard.close()
  })

  test('goes on where it was when the gateway starts again, and equals a read model that is built from zero', async () => {
    const first = await open()
    await runTraffic({ books: first.books, clock, seed: 'before', submissions: 60 })
    await first.close()
    const second = await open()
    const leg = {
      kind: 'move',
      debit: 'rail:book:house',
      credit: 'party:pa_late',
      asset: { id: 'USD', code: 'USD', scale: 6, ledger: 1 },
      units: 5n,
    } as const
    await second.books.submit({ entry: { id: `en_${'e'.repeat(32)}`, payment: 'late', legs: [leg] } })
    await second.shown()
    const kept: Block[] = []
    for await (const block of second.feed.journal.read(0)) kept.push(block)
    await second.close()
    const writer = openReadModelWriter(join(folder, 'again.db'))
    await follow(
      [readModelFollower(writer, readings)],
      async (after) => kept.slice(after, after + 3),
      () => undefined,
    )
    writer.close()
    expect([...dumpReadModel(join(folder, 'read.db'))]).toEqual([...dumpReadModel(join(folder, 'again.db'))])
  })

  test('refuses a journal that has lost blocks it has shown', async () => {
    const blocks: Block[] = []
    const yard = await open(memoryJournal(blocks))
    await runTraffic({ books: yard.books, clock, seed: 'lost', submissions: 30 })
    await yard.shown()
    await yard.close()
    blocks.pop()
    await expect(open(memoryJournal(blocks))).rejects.toThrow(`the journal ends before block ${blocks.length + 1}`)
  })

  test('refuses a journal that was put in the place of another', async () => {
    const yard = await open(memoryJournal())
    await runTraffic({ books: yard.books, clock, seed: 'one', submissions: 30 })
    await yard.shown()
    await yard.close()
    const others: Block[] = []
    const books = createBooks({ journal: memoryJournal(others), clock })
    await books.start()
    await runTraffic({ books, clock, seed: 'another', submissions: 60 })
    await books.close()
    await expect(open(memoryJournal(others))).rejects.toThrow('was replaced or changed')
  })

  test('stops at a damaged block, says why, and lets payments go on', async () => {
    const blocks: Block[] = []
    const yard = await open(memoryJournal(blocks))
    await runTraffic({ books: yard.books, clock, seed: 'whole', submissions: 30 })
    await yard.shown()
    const wrong = { ...blocks.at(-1)!, seq: blocks.length + 1 }
    await yard.feed.journal.append(wrong)
    const failure = await until(() => yard.projector.lag().failure)
    expect(failure).toContain(`broken at block ${wrong.seq}`)
    expect(yard.log).toHaveLength(1)
    await expect(yard.projector.readAfter(wrong.seq, DEADLINE_MS)).rejects.toMatchObject({ code: 'reads_behind' })
    await yard.close()
  })
})

/** The checkpoint of the journal up to that block, once it is signed. */
function headOf(audit: AuditAnswers, seq: number) {
  return until(() => {
    const head = readCheckpoint(audit.checkpoint())
    return head?.journal?.seq === seq ? head : undefined
  })
}

describe('the audit log behind it', () => {
  test('proves each receipt under a signed checkpoint, and each later checkpoint goes on from the earlier', async () => {
    const yard = await open()
    const { audit } = yard.projector
    await runTraffic({ books: yard.books, clock, seed: 'first half', submissions: 40 })
    await yard.shown()
    const receipts: Receipt[] = []
    for (let seq = 1; seq <= yard.books.head().seq; seq++) {
      const issued = (await factsAt(yard.feed.journal, seq)).filter((fact) => fact.type === 'receipt.issued')
      receipts.push(...issued.map((fact) => fact.data as unknown as Receipt)) // As the traffic wrote them.
    }
    const { seq } = yard.books.head()
    const first = await headOf(audit, seq)
    expect(first.size).toBe(receipts.length + seq)
    expect(Buffer.from(first.journal!.hash).toString('hex')).toBe(yard.books.head().hash)
    const receipt = receipts[7]!
    const inclusion = audit.inclusion(receipt.id)!
    const signer = receiptSigner({ privateKeyPem, clock, ids: { receipt: () => 'rc_1' } })
    const signed: ProvenReceipt = { ...signer.sign(receipt), inclusion }
    expect(checkReceiptProof(signed, publicKeyPem).map((f) => [f.what, f.holds])).toEqual([
      ['signature', true],
      ['checkpoint', true],
      ['inclusion', true],
    ])
    const other = { ...signed, receipt: { ...signed.receipt, payment: 'book:none' } } as ProvenReceipt
    expect(checkReceiptProof(other, publicKeyPem).map((f) => f.holds)).toEqual([false, true, false])
    const otherKey = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }) as string // A PEM is text.
    expect(checkReceiptProof(signed, otherKey).map((f) => f.holds)).toEqual([false, false])

    await yard.books.submit({
      facts: [
        {
          type: 'receipt.issued',
          id: 'rc_last',
          at: 1,
          data: { id: 'rc_last', payment: 'x', payee: 'pa_1', price: { asset: 'USD', amount: '1' }, paid: { asset: 'USD' } },
        },
      ],
    })
    const second = await headOf(audit, seq + 1)
    expect(second.size).toBe(first.size + 2)
    const proof = audit.consistency(first.size, second.size).map((text) => decodeHash(text)!)
    expect(verifyConsistency(first, second, proof)).toBe(true)
    expect(() => audit.consistency(first.size, second.size + 1)).toThrow('There is no proof')
    expect(audit.inclusion('rc_never')).toBeUndefined()
    await yard.close()
  })

  test.each([
    [
      'has another payment in it',
      'UPDATE subtrees SET hash = zeroblob(32) WHERE level = 2 AND n = 0; UPDATE subtrees SET hash = zeroblob(32) WHERE level > 2',
      'the journal was changed after it was signed',
    ],
    ['has fewer blocks', 'UPDATE cursor SET size = size - 1', 'the journal has lost blocks'],
  ])('refuses to sign on when the log %s than what it has signed', async (_, change, why) => {
    const blocks: Block[] = []
    const yard = await open(memoryJournal(blocks))
    await runTraffic({ books: yard.books, clock, seed: 'signed', submissions: 20 })
    await yard.shown()
    await yard.close()
    const db = new DatabaseSync(join(folder, 'audit.db'))
    db.exec(change)
    db.close()
    await expect(open(memoryJournal(blocks))).rejects.toThrow(why)
  })
})
