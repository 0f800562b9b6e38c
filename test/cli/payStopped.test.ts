import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { listening } from './lossyServer.ts'

const MAIN = fileURLToPath(new URL('../../app/cli/main.ts', import.meta.url))
/** More than the JSON holds, and not all of it. */
const HALF = 'x'.repeat(2_000_000)

test.each([
  ['--output', ['--output', 'answer'], 'SIGINT'],
  ['--json', ['--json'], 'SIGTERM'],
] as const)('a command with %s that is stopped in the middle of its answer leaves nothing of it', async (_, where, signal) => {
  const cwd = mkdtempSync(join(tmpdir(), 'switchyard-stopped-'))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  writeFileSync(join(cwd, 'wallet.json'), JSON.stringify({ evm: { key: `0x${'42'.repeat(32)}` } }), { mode: 0o600 })
  const server = createServer((__, response) => void response.writeHead(200, { 'content-length': 3_000_000 }).write(HALF))
  const { url, close } = await listening(server)
  onTestFinished(close)
  const words = ['pay', url, '--max', '0.01', '--wallet', 'wallet.json', ...where]
  const child = spawn(process.execPath, [...NODE_FLAGS, MAIN, ...words], { cwd, env: { ...process.env, TMPDIR: cwd }, stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = new Promise((resolve) => child.once('close', (code, by) => resolve([code, by])))
  const written = () =>
    readdirSync(cwd, { recursive: true, encoding: 'utf8' }).filter(
      (name) => /answer/.test(name) && !statSync(join(cwd, name)).isDirectory(),
    )
  await expect.poll(() => written().some((name) => statSync(join(cwd, name)).size === HALF.length), { timeout: 60_000 }).toBe(true)
  expect(existsSync(join(cwd, 'answer'))).toBe(false)
  for (const name of written()) expect(statSync(join(cwd, name)).mode & 0o777).toBe(0o600)
  child.kill(signal)
  expect(await ended).toEqual([null, signal])
  expect(readdirSync(cwd).filter((name) => /answer/.test(name))).toEqual([])
})
