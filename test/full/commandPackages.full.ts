import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { builtPackages } from './builtPackages.ts'
import { npmInstall } from './npmInstall.ts'

const INSTALL_MS = 600_000

let folder: string
const running: ChildProcess[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-installed-'))
  const tarballs = builtPackages()
    .filter(({ name }) => ['switchyard-gateway', 'switchyard-dev'].includes(name))
    .map(({ tarball }) => tarball)
  npmInstall(folder, tarballs)
}, INSTALL_MS)
afterAll(async () => {
  await Promise.all(running.map(ended))
  rmSync(folder, { recursive: true, force: true })
}, INSTALL_MS)

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('close', () => resolve())
    child.kill('SIGTERM')
  })
}

function start(command: string, ...words: string[]): ChildProcess {
  const file = join(folder, 'node_modules', '.bin', command)
  const child = spawn(process.execPath, [...NODE_FLAGS, file, ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  running.push(child)
  return child
}

async function run(command: string, ...words: string[]): Promise<{ code: number | null; out: string }> {
  const child = start(command, ...words)
  let out = ''
  child.stdout!.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, out }
}

/** The line with `ready` in it, of one JSON object a line. */
function readyOf(child: ChildProcess): Promise<{ url: string; route?: string }> {
  return new Promise((resolve, reject) => {
    let out = ''
    child.once('close', (code) => reject(new Error(`it ended with ${code} before it was ready: ${out}`)))
    child.stdout!.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      const line = out.split('\n').find((one) => one.startsWith('{"ready"') && one.endsWith('}'))
      if (line) resolve((JSON.parse(line) as { ready: { url: string; route?: string } }).ready) // The command's own JSON.
    })
  })
}

test('a gateway is set up, looked at and started by its own command', async () => {
  expect((await run('switchyard-gateway', '--help')).out).toContain('switchyard-gateway gateway --config')
  expect(await run('switchyard-gateway', 'init', '--out', 'yard')).toMatchObject({ code: 0 })
  const words = ['--config', join('yard', 'switchyard.json'), '--secrets', join('yard', 'secrets.env'), '--json']
  expect(await run('switchyard-gateway', 'doctor', ...words)).toMatchObject({ code: 0 })
  const child = start('switchyard-gateway', 'gateway', ...words)
  const { url } = await readyOf(child)
  expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ status: 'ready' })
  await ended(child)
  expect((await run('switchyard-gateway', 'dev')).code).toBe(2)
})

test('the local network starts without a verb, and its verbs find it', async () => {
  const child = start('switchyard-dev', '--port', '0', '--json')
  const { route } = await readyOf(child)
  expect((await fetch(route!)).status).toBe(402)
  expect((await run('switchyard-dev', 'verify', '--json')).code).toBe(0)
  expect((await run('switchyard-dev', 'invoice', '2.50')).out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/pay\/pi_/)
  await ended(child)
})
