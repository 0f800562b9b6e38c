import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { BANK_ACCOUNT, localConfig } from '../localConfig.ts'
import { commandRun } from './commandRun.ts'

const MAIN = fileURLToPath(new URL('../../app/cli/main.ts', import.meta.url))

test('a reader that has seen enough, such as `head`, ends the command without a word', async () => {
  const child = spawn(process.execPath, [...NODE_FLAGS, MAIN, '--help'])
  onTestFinished(() => void child.kill('SIGKILL'))
  child.stdout.destroy()
  let err = ''
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  expect([code, err]).toEqual([0, ''])
})

/** The configuration of a gateway with a bank alone. */
function configured(port: number): Readonly<{ folder: string; file: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-started-'))
  const bank = join(folder, 'bank')
  mkdirSync(bank)
  const file = join(folder, 'config.json')
  const rails = { bank: { folder: bank, account: BANK_ACCOUNT, feeEur: '0.02' } }
  writeFileSync(file, JSON.stringify(localConfig(join(folder, 'data'), { port, ...rails })))
  return { folder, file }
}

test('a gateway whose port another program has opens nothing', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { folder, file } = configured((other.address() as AddressInfo).port) // It listens on TCP.
  onTestFinished(() => {
    other.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const { code, out, err } = await commandRun(['gateway', '--config', file])
  expect([code, out]).toEqual([1, ''])
  expect(err).toMatch(/is in use by another program/)
  expect(existsSync(join(folder, 'data'))).toBe(false)
})

test('a gateway that is started as npm starts it has the flags of every Node of ours', async () => {
  const { folder, file } = configured(0)
  const child = spawn(process.execPath, [MAIN, 'gateway', '--config', file, '--json'], {
    // As npm's own file in `.bin` starts it: NODE_FLAGS are not given.
    env: { ...process.env, SWITCHYARD_LOG: 'silent' },
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('"ready"')) resolve()
    })
    child.once('close', () => resolve())
  })
  const started = execFileSync('ps', ['-o', 'args=', '-p', String(child.pid)], { encoding: 'utf8' })
  for (const flag of NODE_FLAGS) expect(started).toContain(flag)
})
