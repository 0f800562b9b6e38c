import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openAuditLog } from '../../../adapters/auditLog/sqlite/openAuditLog.ts'
import { openSqliteJournal } from '../../../adapters/journal/sqlite/openSqliteJournal.ts'
import { addLeaf, type Frontier, frontierRoot, leafHash } from '../../../gateway/audit/log/merkleTree.ts'
import { signNote } from '../../../gateway/audit/log/signedNote.ts'
import { openBlockFeed } from '../../../gateway/audit/projection/blockFeed.ts'
import { canonicalJson } from '../../../gateway/audit/receipt/canonicalJson.ts'
import { receiptSigner } from '../../../gateway/audit/receipt/receipt.ts'
import { createBooks } from '../../../gateway/ledger/books/createBooks.ts'
import { decodeBlock } from '../../../gateway/ledger/journal/blockData.ts'
import type { Books, Leg, Submission } from '../../../gateway/ports/books.ts'
import { runTraffic } from '../../../test/projection/bookTraffic.ts'
import { openProjector } from '../../projector/openProjector.ts'
import { runWords } from '../program.ts'

const verb = { run: (words: readonly string[]) => runWords(['ledger', ...words], { name: 'switchyard' }) }

const DEADLINE_MS = 20_000
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string // A PEM is text.

const root = mkdtempSync(join(tmpdir(), 'switchyard-rewritten-'))
const [honest, rewritten] = [join(root, 'honest'), join(root, 'rewritten')]
let redirected = 0
let printed: string

beforeAll(async () => {
  writeFileSync(join(root, 'public.pem'), publicKey.export({ type: 'spki', format: 'pem' }))
  await runGateway(honest, { submissions: 120, submitted: (submission) => submission, keepAs: 'kept' })
  await runGateway(rewritten, { submissions: 120, submitted: redirect, keepAs: 'forged' })
})
afterAll(() => rmSync(root, { recursive: true }))
beforeEach(() => {
  printed = ''
  vi.spyOn(console, 'log').mockImplementation((line: string) => {
    printed += `${line}\n`
  })
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  return () => vi.restoreAllMocks()
})

type Run = Readonly<{ submissions: number; submitted: (submission: Submission) => Submission; keepAs: string }>

/** A gateway's books from the first block on, with the files that follow from the journal; its newest checkpoint is kept outside of the folder. */
async function runGateway(dataDir: string, { submissions, submitted, keepAs }: Run): Promise<void> {
  const clock = { ms: 1_700_000_000_000, now: () => clock.ms }
  mkdirSync(dataDir)
  writeFileSync(join(dataDir, 'receipt-key.pem'), privateKeyPem)
  const feed = await openBlockFeed(openSqliteJournal(join(dataDir, 'journal.db')))
  const books = createBooks({ journal: feed.journal, clock })
  await books.start()
  const projector = await openProjector({
    dataDir,
    feed,
    privateKeyPem,
    clock,
    logLevel: 'silent',
    assetOf: String,
    log: () => undefined,
  }).start()
  const between: Books = { ...books, submit: (submission) => books.submit(submitted(submission)) }
  await runTraffic({ books: between, clock, seed: 'rewritten', submissions })
  await projector.readAfter(books.head().seq, DEADLINE_MS)
  await books.close()
  await projector.close()
  // Closing has signed a last checkpoint.
  const log = openAuditLog(join(dataDir, 'audit.db'))
  writeFileSync(join(root, keepAs), log.checkpoint()!.note)
  log.close()
}

/** The facts and receipts as they were; only the money of one seller goes to somebody else. */
function redirect({ entry, ...rest }: Submission): Submission {
  const to = (path: string) => (path === 'party:seller1' ? 'party:thief' : path)
  const turn = (leg: Leg): Leg => {
    if (!('debit' in leg)) return leg
    if (leg.credit === 'party:seller1') redirected += 1
    return { ...leg, debit: to(leg.debit), credit: to(leg.credit) }
  }
  return { ...rest, ...(entry && { entry: { ...entry, legs: entry.legs.map(turn) } }) }
}

/** What was signed before the log had blocks: a tree of the receipts alone, under the origin that it had then. */
async function receiptsCheckpoint(dataDir: string): Promise<string> {
  const journal = openSqliteJournal(join(dataDir, 'journal.db'))
  const receipts: Frontier = { size: 0, roots: [] }
  for await (const { data } of journal.read(0)) {
    for (const fact of decodeBlock(data).submissions.flatMap((submission) => submission.facts ?? [])) {
      if (fact.type === 'receipt.issued') addLeaf(receipts, leafHash(canonicalJson(fact.data)))
    }
  }
  await journal.close()
  const id = receiptSigner({ privateKeyPem, clock: { now: () => 0 }, ids: { receipt: () => 'rc_1' } }).keyId
  const text = `switchyard/audit/${id}\n${receipts.size}\n${Buffer.from(frontierRoot(receipts)).toString('base64')}\n`
  return signNote(text, { name: `switchyard/audit/${id}`, privateKey, publicKey })
}

async function verify(...args: string[]): Promise<string> {
  const code = await verb.run(['verify', ...args])
  return `${printed}exit ${code}`
}

const kept = (name: string) => ['--checkpoint', join(root, name), '--key', join(root, 'public.pem')]

describe('a journal that was written anew, with hashes that fit and every derived file built from it', () => {
  test('agrees with itself: nothing inside the folder tells', async () => {
    expect(redirected).toBeGreaterThan(20)
    expect(await verify('--data', rewritten)).toContain('exit 0')
  })

  test('is convicted by a checkpoint that was kept, by the block', async () => {
    expect(await verify('--data', honest, ...kept('kept'))).toContain('exit 0')
    printed = ''
    expect(await verify('--data', rewritten, ...kept('kept'))).toMatch(/checkpoint +BREAK: .*block \d+[\s\S]*exit 1/)
  })

  test('is convicted in an export too, without a receipt changed', async () => {
    const file = join(root, 'rewritten.ndjson')
    await verb.run(['export', '--file', file, '--data', rewritten])
    expect(await verify('--file', file, ...kept('forged'))).toContain('exit 0')
    printed = ''
    expect(await verify('--file', file, ...kept('kept'))).toMatch(/checkpoint +BREAK: .*block \d+[\s\S]*exit 1/)
  })
})

describe('a checkpoint from before the log had blocks', () => {
  test('still holds, and says how little it covers', async () => {
    writeFileSync(join(root, 'older'), await receiptsCheckpoint(honest))
    expect(await verify('--data', rewritten, ...kept('older'))).toMatch(
      /kept checkpoint of \d+ receipts and nothing else, the same root[\s\S]*exit 0/,
    )
  })

  test('that was given the line of a block later is signed by nobody', async () => {
    const older = await receiptsCheckpoint(honest)
    writeFileSync(join(root, 'mixed'), older.replace('\n\n', `\njournal 1 ${'00'.repeat(32)}\n\n`))
    expect(await verify('--data', honest, ...kept('mixed'))).toMatch(/BREAK: is not signed by this key[\s\S]*exit 1/)
  })
})

describe('a witness', () => {
  const line = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2'

  test('that has not cosigned the kept checkpoint is named', async () => {
    expect(await verify('--data', honest, ...kept('kept'), '--witness', line)).toMatch(
      /remora.n621.de +BREAK: has not cosigned[\s\S]*exit 1/,
    )
  })

  test('is given by its own line, with a checkpoint', async () => {
    await expect(verify('--data', honest, ...kept('kept'), '--witness', 'w1')).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(verify('--data', honest, '--witness', line)).rejects.toMatchObject({ code: 'invalid_request' })
  })
})
