import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { NODE_FLAGS } from '../../../gateway/ports/nodeFlags.ts'
import { BANK_ACCOUNT, localConfig } from '../../../test/localConfig.ts'
import { checkConfig } from '../../config/config.ts'
import { openGateway } from '../../openGateway.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

let folder: string
let gateway: Awaited<ReturnType<typeof openGateway>>
const at = (name: string) => join(folder, name)
const configOf = (dataDir: string) =>
  checkConfig(
    localConfig(dataDir, {
      bank: { folder: at('bank'), account: BANK_ACCOUNT, feeEur: '0.02', pollMs: 50 },
    }),
  )

/** The command in a process of its own: a gateway's files are locked by its process, and the command is never in it. */
async function run(...words: string[]) {
  const child = spawn(process.execPath, [...NODE_FLAGS, MAIN, ...words], { env: { ...process.env, SWITCHYARD_LOG: 'silent' } })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, out, err }
}

const backup = (out: string, more: { data?: string; key?: string } = {}) =>
  run('backup', '--data', more.data ?? at('data'), '--out', at(out), '--key-file', at(more.key ?? 'key'))
const restore = (file: string, to: string, key = 'key') => run('restore', at(file), '--data', at(to), '--key-file', at(key))

/** A gateway that runs, with a party of before the backup and one of after it. */
let before: string
let after: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-backup-'))
  mkdirSync(at('bank'))
  for (const name of ['key', 'another']) writeFileSync(at(name), `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 })
  gateway = await openGateway(configOf(at('data')))
  before = (await gateway.parties.parties.create({ name: 'before' })).party.id
  expect(await backup('all.backup')).toMatchObject({ code: 0, err: '' })
  after = (await gateway.parties.parties.create({ name: 'after' })).party.id
})
afterAll(async () => {
  await gateway?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a copy of a running gateway is put back as it was, says so where it is shown, and tells what it cannot know', async () => {
  const { code, out, err } = await restore('all.backup', 'restored')
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('verified: the journal is whole, and everything agrees with it')
  expect(out).toMatch(/Paid or received after .* is not in these books/)
  expect(readFileSync(at('restored/wallet.key'), 'utf8')).toBe(readFileSync(at('data/wallet.key'), 'utf8'))
  expect(statSync(at('restored')).mode & 0o777).toBe(0o700)
  for (const name of readdirSync(at('restored'))) expect([name, statSync(at(`restored/${name}`)).mode & 0o077]).toEqual([name, 0])

  const second = await openGateway(configOf(at('restored')))
  try {
    expect(second.parties.parties.get(before as never)).toMatchObject({ name: 'before' })
    expect(() => second.parties.parties.get(after as never)).toThrow('party')
    expect(second.operations.problems()[0]).toMatchObject({ rail: 'book', what: 'the books were restored from a backup' })
  } finally {
    await second.close()
  }
  expect(await run('ledger', 'verify', '--data', at('restored'))).toMatchObject({ code: 0 })
})

test('only its owner can read a backup, and no secret and no word of the books stands in it as it is', () => {
  expect(statSync(at('all.backup')).mode & 0o777).toBe(0o600)
  const bytes = readFileSync(at('all.backup'))
  for (const secret of [readFileSync(at('data/wallet.key'), 'utf8').trim(), 'PRIVATE KEY', 'SQLite format', before, 'before'])
    expect(bytes.includes(secret)).toBe(false)
})

const flipped = (bytes: Buffer) => {
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1)
  return bytes
}

test.each([
  ['a flipped byte', flipped, /backup_unreadable/],
  ['a cut end', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1), /backup_unreadable/],
  ['nothing in it', () => Buffer.alloc(0), /is not a backup/],
])('%s is refused, and nothing is left', async (name, change, said) => {
  const bytes = readFileSync(at('all.backup'))
  const file = `${name.replaceAll(' ', '-')}.backup`
  writeFileSync(at(file), change(bytes))
  const { code, err } = await restore(file, 'refused')
  expect(code).toBe(1)
  expect(err).toMatch(said)
  expect(readdirSync(folder).filter((one) => one.startsWith('refused'))).toEqual([])
})

test('another key is refused, and said to be another', async () => {
  const { code, err } = await restore('all.backup', 'refused', 'another')
  expect([code, existsSync(at('refused'))]).toEqual([1, false])
  expect(err).toContain('was made with another key')
})

test('a folder that has something in it stays as it is', async () => {
  mkdirSync(at('full'))
  writeFileSync(at('full/something'), 'mine')
  const { code, err } = await restore('all.backup', 'full')
  expect([code, readdirSync(at('full'))]).toEqual([1, ['something']])
  expect(err).toContain('is not empty')
})

test('what would not help is refused before anything is written', async () => {
  writeFileSync(at('weak'), 'password\n')
  expect((await backup('weak.backup', { key: 'weak' })).err).toContain('has a word in it')
  expect((await backup('all.backup')).err).toContain('file already exists')
  expect((await backup('data/inside.backup')).err).toContain('is lost with it')
  expect((await backup('none.backup', { data: at('bank') })).err).toContain('There is no journal.db')
  expect(
    readdirSync(folder)
      .filter((name) => name.includes('.backup'))
      .filter((name) => /weak|none|part/.test(name)),
  ).toEqual([])
})

test('a gateway that has stopped is copied too', async () => {
  cpSync(at('data'), at('stopped'), { recursive: true })
  expect(await backup('stopped.backup', { data: at('stopped') })).toMatchObject({ code: 0, err: '' })
  expect(await restore('stopped.backup', 'again')).toMatchObject({ code: 0, err: '' })
})

test('a secret that is a link to a mounted file is copied, and what cannot be copied is refused by name', async () => {
  cpSync(at('data'), at('linked'), { recursive: true })
  renameSync(at('linked/wallet.key'), at('mounted.key'))
  symlinkSync(at('mounted.key'), at('linked/wallet.key'))
  expect(await backup('linked.backup', { data: at('linked') })).toMatchObject({ code: 0, err: '' })
  expect(await restore('linked.backup', 'unlinked')).toMatchObject({ code: 0, err: '' })
  expect(readFileSync(at('unlinked/wallet.key'), 'utf8')).toBe(readFileSync(at('mounted.key'), 'utf8'))
  expect(lstatSync(at('unlinked/wallet.key')).isFile()).toBe(true)

  for (const [name, to] of [
    ['linked-folder', at('bank')],
    ['dangling', at('nothing')],
    ['bank.db', at('data/bank.db')],
  ] as const) {
    rmSync(at(`linked/${name}`), { force: true })
    symlinkSync(to, at(`linked/${name}`))
    const { code, err } = await backup('refused.backup', { data: at('linked') })
    expect([name, code, existsSync(at('refused.backup')), existsSync(at('refused.backup.part'))]).toEqual([name, 1, false, false])
    expect(err).toContain(`${name} in ${at('linked')} cannot be copied`)
    rmSync(at(`linked/${name}`))
  }
})

test('an empty folder is filled where it is, also behind a link, as one that is a mount must be; a failure leaves it empty', async () => {
  mkdirSync(at('volume'))
  symlinkSync(at('volume'), at('link'))
  const { ino } = statSync(at('volume'))
  writeFileSync(at('cut.backup'), readFileSync(at('all.backup')).subarray(0, -1))
  expect((await restore('cut.backup', 'link')).err).toContain('backup_unreadable')
  expect(readdirSync(at('volume'))).toEqual([])
  expect(await restore('all.backup', 'link')).toMatchObject({ code: 0, err: '' })
  expect([lstatSync(at('link')).isSymbolicLink(), statSync(at('volume')).ino]).toEqual([true, ino])
  expect(existsSync(at('volume/restore.unfinished'))).toBe(false)
  const second = await openGateway(configOf(at('link')))
  onTestFinished(() => second.close())
  expect(second.parties.parties.get(before as never)).toMatchObject({ name: 'before' })
})

test('what a killed restore or backup has left is named, and never started', async () => {
  mkdirSync(at('killed.part'))
  expect((await restore('all.backup', 'killed')).err).toContain('remove it and try again')
  writeFileSync(at('nightly.backup.part'), 'half')
  expect((await backup('nightly.backup')).err).toContain('remove it and try again')
  mkdirSync(at('half'))
  writeFileSync(at('half/restore.unfinished'), '')
  expect((await restore('all.backup', 'half')).err).toContain('empty it and try again')
  await expect(openGateway(configOf(at('half')))).rejects.toThrow('was not put back as a whole')
})
