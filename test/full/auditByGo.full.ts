// Needs the program go (Debian's package golang-go, or go.dev): the Go project's own code checks our audit log, with the module golang.org/x/mod.
import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAuditLogWriter } from '../../adapters/auditLog/sqlite/openAuditLog.ts'
import { createAuditAnswers } from '../../gateway/audit/log/auditAnswers.ts'
import { auditFollower } from '../../gateway/audit/log/auditFollower.ts'
import { readCheckpoint } from '../../gateway/audit/log/checkpoint.ts'
import { createCheckpointer } from '../../gateway/audit/log/checkpointer.ts'
import { readTlogProof } from '../../gateway/audit/log/tlogProof.ts'
import { follow } from '../../gateway/audit/projection/follower.ts'
import { canonicalJson } from '../../gateway/audit/receipt/canonicalJson.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { decodeBlock } from '../../gateway/ledger/journal/blockData.ts'
import type { Block } from '../../gateway/ports/journal.ts'
import { runTraffic } from '../projection/bookTraffic.ts'

const DEADLINE_MS = 300_000
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string // A PEM is text.
const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }) as string // A PEM is text.
const clock = { ms: 1_700_000_000_000, now: () => clock.ms }

type Receipt = Readonly<{ index: number; leaf: string; path: string[] }>
type Checked = { verifierKey: string; older: string; newer: string; consistency: string[]; receipts: Receipt[] }

let folder: string
let made: Checked
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-audit-'))
  const blocks: Block[] = []
  const books = createBooks({ journal: memoryJournal(blocks), clock })
  await books.start()
  const log = openAuditLogWriter(join(folder, 'audit.db'))
  const sign = createCheckpointer(log, privateKeyPem)
  const audit = createAuditAnswers(log, publicKeyPem)
  const follower = auditFollower(log)
  const grow = async (last: number) => {
    await follow(
      [follower],
      async (after) => blocks.slice(after, Math.min(after + 4, last)),
      () => undefined,
    )
    sign()
    return audit.checkpoint()
  }
  await runTraffic({ books, clock, seed: 'checked by go', submissions: 120 })
  const older = await grow(blocks.length >> 1)
  const newer = await grow(blocks.length)
  const sizes = [older, newer].map((note) => readCheckpoint(note)!.size) as [number, number] // Two checkpoints.
  const issued = blocks.flatMap(({ data }) =>
    decodeBlock(data).submissions.flatMap((s) => (s.facts ?? []).filter((f) => f.type === 'receipt.issued')),
  )
  const receipts = issued.map((fact) => {
    const { index, path } = readTlogProof(audit.inclusion(fact.id)!)!
    return { index, leaf: canonicalJson(fact.data), path: path.map((hash) => Buffer.from(hash).toString('base64')) }
  })
  made = { verifierKey: audit.verifierKey, older, newer, consistency: audit.consistency(...sizes), receipts }
  expect(sizes[0]).toBeGreaterThan(10)
  expect(sizes[1]).toBe(receipts.length + blocks.length)
  log.close()
  await books.close()
}, DEADLINE_MS)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What the Go program says of it. */
function checkByGo(input: Checked): string {
  const run = spawnSync('go', ['run', '.'], {
    cwd: join(import.meta.dirname, 'auditCheck'),
    input: JSON.stringify(input),
    timeout: DEADLINE_MS,
  })
  if (run.error) throw new Error(`these tests need the program go (Debian's package golang-go): ${run.error.message}`)
  // Beside it go tells what it downloads, on a machine that does not have the module yet.
  return run.status === 0 ? `${run.stdout}` : `${run.stdout}${run.stderr}`
}

test(
  'the Go project’s own code agrees with our checkpoints, every receipt’s proof and the growth of the log',
  () => {
    const { receipts } = made
    expect(checkByGo(made)).toBe(
      `holds: ${receipts.length} receipts in ${readCheckpoint(made.newer)!.size}, which begins with ${readCheckpoint(made.older)!.size}\n`,
    )
  },
  DEADLINE_MS,
)

const other = Buffer.alloc(32, 7).toString('base64')
test.each<[string, (input: Checked) => Checked, string]>([
  [
    'a receipt with another amount',
    (m) => ({ ...m, receipts: m.receipts.map((r) => ({ ...r, leaf: r.leaf.replace('0.1', '0.2') })) }),
    'receipt ',
  ],
  ['a receipt in another place', (m) => ({ ...m, receipts: [{ ...m.receipts[0]!, index: 1 }] }), 'receipt 1'],
  ['a checkpoint that was changed after it was signed', (m) => ({ ...m, newer: m.newer.replace(/\n\d+\n/, '\n7\n') }), 'newer checkpoint'],
  ['another history', (m) => ({ ...m, consistency: m.consistency.with(0, other) }), 'from'],
])(
  'it refuses %s, as we do',
  (_, change, where) => {
    expect(checkByGo(change(made))).toMatch(new RegExp(`does not hold: .*${where}`))
  },
  DEADLINE_MS,
)
