import { generateKeyPairSync } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openSqliteJournal } from '../../adapters/journal/sqlite/openSqliteJournal.ts'
import { openBlockFeed } from '../../gateway/audit/projection/blockFeed.ts'
import { receiptSigner } from '../../gateway/audit/receipt/receipt.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import type { Books } from '../../gateway/ports/books.ts'
import { runTraffic } from '../../test/projection/bookTraffic.ts'
import { openProjector } from '../projector/openProjector.ts'
import { runWords } from './program.ts'

const verify = { run: (words: readonly string[]) => runWords(['verify', ...words], { name: 'switchyard' }) }

const verb = { run: (words: readonly string[]) => runWords(['ledger', ...words], { name: 'switchyard' }) }

const DEADLINE_MS = 20_000
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string // A PEM is text.
const clock = { ms: 1_700_000_000_000, now: () => clock.ms }

let folder: string
let running: { books: Books; checkpoint: () => string; close: () => Promise<void> }
let printed: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-ledger-'))
  writeFileSync(join(folder, 'receipt-key.pem'), privateKeyPem)
  writeFileSync(join(folder, 'public.pem'), publicKey.export({ type: 'spki', format: 'pem' }))
  running = await open()
  await runTraffic({ books: running.books, clock, seed: 'cli', submissions: 80 })
  await running.close()
  // Closing has signed a last checkpoint.
  running = await open()
})
afterAll(async () => {
  await running.close()
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  printed = ''
  vi.spyOn(console, 'log').mockImplementation((line: string) => {
    printed += `${line}\n`
  })
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  return () => vi.restoreAllMocks()
})

/** The books of a gateway that runs, on the folder. */
async function open() {
  const feed = await openBlockFeed(openSqliteJournal(join(folder, 'journal.db')))
  const books = createBooks({ journal: feed.journal, clock })
  await books.start()
  const projector = await openProjector({
    logLevel: 'silent',
    dataDir: folder,
    feed,
    privateKeyPem,
    clock,
    assetOf: String,
    log: () => undefined,
  }).start()
  await projector.readAfter(books.head().seq, DEADLINE_MS)
  return {
    books,
    checkpoint: () => projector.audit.checkpoint(),
    async close() {
      await books.close()
      await projector.close()
    },
  }
}

async function ledger(...args: string[]): Promise<string> {
  printed = ''
  const code = await verb.run([...args, '--data', folder])
  return `${printed}exit ${code}`
}

async function asJson<T>(...args: string[]): Promise<T> {
  return JSON.parse((await ledger(...args, '--json')).replace(/exit 0$/, '')) as T // The command's own JSON.
}

type Account = { account: string; asset: string; debits: string; credits: string }

describe('switchyard ledger, while the gateway runs', () => {
  test('balances shows every account of the books, and sums that come out even', async () => {
    const shown = await asJson<{ data: Account[] }>('balances')
    const expected = running.books.accounts('').map((a) => `${a.path} ${a.asset.code}`)
    expect(shown.data.map((a) => `${a.account} ${a.asset}`).sort()).toEqual(expected.sort())
    const text = await ledger('balances')
    expect(text).toMatch(/^sum +USD +0 /m)
    expect(text).toContain('party:pa_1')
  })

  test('balances at a time before the first entry are none', async () => {
    expect((await asJson<{ data: Account[] }>('balances', '--at', '2020-01-01T00:00:00Z')).data).toEqual([])
  })

  test('show tells an account’s statement, and an entry with its legs', async () => {
    const statement = await asJson<{ account: Account; changes: { entry: string; payment: string }[] }[]>('show', 'fee:earned', 'USD')
    expect(statement).toHaveLength(1)
    const { entry, payment } = statement[0]!.changes[0]!
    expect(await ledger('show', entry)).toContain(`payment ${payment}`)
    expect(await ledger('show', 'fee:earned', 'USD')).toMatch(/move +\+0\.\d+ +0\.\d+ +from seller|move +\+/)
  })

  test('trace tells a payment’s story with its facts and legs', async () => {
    const [statement] = await asJson<{ changes: { payment: string }[] }[]>('show', 'fee:earned', 'USD')
    const story = await ledger('trace', statement!.changes[0]!.payment)
    expect(story).toMatch(/request rc_\w+: answered on book/)
    expect(story).toContain('receipt.issued')
    expect(story).toMatch(/leg +kind +amount +debit +credit/)
  })

  test('verify finds the journal whole and all its witnesses agreed', async () => {
    const text = await ledger('verify')
    expect(text).toContain('exit 0')
    for (const witness of ['anchored head   block', 'read.db         block', 'checkpoint      block']) expect(text).toContain(witness)
  })

  test.each([
    ['an entry', 'show', 'en_none', 'not_found'],
    ['an account', 'show', 'party:nobody', 'not_found'],
    ['a payment', 'trace', 'pi_none', 'not_found'],
    ['no payment', 'show', 'nothing', 'not_found'],
  ])('%s that is not there is named as missing', async (_, part, word, code) => {
    await expect(ledger(part, word)).rejects.toMatchObject({ code })
  })

  test('wrong words end with 2 and name the right ones', async () => {
    await expect(verb.run(['sing'])).rejects.toThrow("unknown command 'sing'")
  })
})

describe('an export', () => {
  let file: string
  beforeAll(async () => {
    file = join(folder, 'journal.ndjson')
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await verb.run(['export', '--file', file, '--data', folder])
  })

  const verifyFile = async (...more: string[]) => {
    printed = ''
    const code = await verb.run(['verify', '--file', file, ...more])
    return `${printed}exit ${code}`
  }

  test('verifies offline, and against a checkpoint with the public key alone', async () => {
    expect(await verifyFile()).toContain('verified')
    writeFileSync(join(folder, 'checkpoint'), running.checkpoint())
    const keys = ['--checkpoint', join(folder, 'checkpoint'), '--key', join(folder, 'public.pem')]
    expect(await verifyFile(...keys)).toMatch(/kept checkpoint +block \d+, the same hash and root/)
  })

  test('is never written over a file that is there', async () => {
    await expect(verb.run(['export', '--file', file, '--data', folder])).rejects.toThrow('EEXIST')
  })

  test('that lost a line, or in which a byte was changed, is found out by its block', async () => {
    const lines = readFileSync(file, 'utf8').split('\n')
    file = join(folder, 'cut.ndjson')
    writeFileSync(file, [...lines.slice(0, 4), ...lines.slice(5)].join('\n'))
    expect(await verifyFile()).toMatch(/block 5 is missing[\s\S]*exit 1/)
    const row = JSON.parse(lines[6]!) as { data: string }
    const bytes = Buffer.from(row.data, 'base64')
    bytes[bytes.length - 20]! ^= 1
    lines[6] = JSON.stringify({ ...row, data: bytes.toString('base64') })
    file = join(folder, 'changed.ndjson')
    writeFileSync(file, lines.join('\n'))
    expect(await verifyFile()).toMatch(/broken at block 7[\s\S]*exit 1/)
  })

  test('that ends early does not reach its checkpoint', async () => {
    const lines = readFileSync(join(folder, 'journal.ndjson'), 'utf8').split('\n')
    file = join(folder, 'early.ndjson')
    writeFileSync(file, lines.slice(0, 5).join('\n'))
    const keys = ['--checkpoint', join(folder, 'checkpoint'), '--key', join(folder, 'public.pem')]
    expect(await verifyFile(...keys)).toMatch(/BREAK: is of block \d+, the journal is whole only up to block 5[\s\S]*exit 1/)
  })

  test('with a line that is no block is refused', async () => {
    file = join(folder, 'torn.ndjson')
    writeFileSync(file, readFileSync(join(folder, 'journal.ndjson'), 'utf8').slice(0, 1000))
    appendFileSync(file, '\n')
    await expect(verifyFile()).rejects.toThrow(/line \d+ is not a block/)
  })
})

test('verify finds a balance in read.db that the journal does not have', async () => {
  const db = new DatabaseSync(join(folder, 'read.db'), { timeout: 5000 })
  db.exec("UPDATE accounts SET credits_posted = credits_posted + 1 WHERE path = 'fee:earned'")
  expect(await ledger('verify')).toMatch(/BREAK: fee:earned in \w+ has another balance[\s\S]*exit 1/)
  db.exec("UPDATE accounts SET credits_posted = credits_posted - 1 WHERE path = 'fee:earned'")
  db.close()
  expect(await ledger('verify')).toContain('exit 0')
})

describe('switchyard verify --receipt', () => {
  const signer = receiptSigner({ privateKeyPem, clock, ids: { receipt: () => 'rc_1' } })
  const receipt = { id: 'rc_1', paid: { asset: 'USD', amount: '1' }, rail: 'book', entry: 'en_1' } as unknown as Parameters<
    typeof signer.sign
  >[0]
  const write = (value: unknown) => {
    writeFileSync(join(folder, 'receipt.json'), JSON.stringify(value))
    return ['--receipt', join(folder, 'receipt.json'), '--key', join(folder, 'public.pem')]
  }

  test('needs nobody but the public key, and says when no inclusion is claimed', async () => {
    expect(await verify.run(write(signer.sign(receipt)))).toBe(0)
    expect(printed).toMatch(/signature +holds[\s\S]*inclusion +not claimed/)
  })

  test('refuses a changed receipt and a proof that is none', async () => {
    const signed = signer.sign(receipt)
    expect(await verify.run(write({ ...signed, receipt: { ...receipt, rail: 'bank' } }))).toBe(1)
    expect(printed).toContain('DOES NOT HOLD')
    expect(await verify.run(write({ ...signed, inclusion: 'nothing' }))).toBe(1)
    await expect(verify.run(write({ receipt: 1 }))).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(verify.run(['--receipt', join(folder, 'receipt.json')])).rejects.toMatchObject({ code: 'invalid_request' })
  })
})
