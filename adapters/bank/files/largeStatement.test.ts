import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { NODE_FLAGS } from '../../../gateway/ports/nodeFlags.ts'
import { writeLargeStatement } from '../../../test/bank/largeStatement.ts'

const IBAN = 'DE93999999990000000001'
const ENTRIES = 12_000
/** What the process may hold, with the program itself: far less than the entries of the file, and than the file as a tree. */
const HEAP_MB = 24

test('a statement that is larger than memory is taken whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bank-large-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'inbox'))
  const path = join(folder, 'inbox', 'day.xml')
  writeLargeStatement(path, { iban: IBAN, entries: ENTRIES })
  const program = join(import.meta.dirname, '../../../test/bank/readInbox.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [...NODE_FLAGS, `--max-old-space-size=${HEAP_MB}`, program, folder, IBAN])
  expect(JSON.parse(stdout)).toEqual({ taken: true, closing: String(BigInt(ENTRIES) * 1_000_000n), problems: [] })
  expect((await readdir(join(folder, 'archive'))).length).toBe(1)
})
