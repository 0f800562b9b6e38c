import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NODE_FLAGS } from '../../../gateway/ports/nodeFlags.ts'
import { readManifests } from '../../../tools/packages/manifest.ts'
import { INSTALL_MS_MAX, OLD_NODE, OUR_NODE, oldNodeOf, openProjects, runTypeScript } from './emptyProjects.ts'

const GATEWAY_BYTES_MAX = 150_000_000
const RESOLUTIONS = ['nodenext', 'bundler'] as const
const BUNDLER = 'esbuild@0.28.2'
/** What others judge a package with. */
const JUDGES = ['publint@0.3.25', '@arethetypeswrong/cli@0.18.5']

const manifests = readManifests(join(import.meta.dirname, '../../..'))
const entriesOf = (name: string) => {
  const { exports } = manifests.find((one) => one.name === name)!
  return Object.keys(exports).map((path) => join(name, path))
}
/** Those that say so run on Node 20; the others are of Node alone, and their users have its types. */
const runsOnOld = manifests.filter(({ engines }) => engines.node === '>=20').map(({ name }) => name)

let projects: ReturnType<typeof openProjects>
beforeAll(() => {
  projects = openProjects()
}, INSTALL_MS_MAX)
afterAll(() => projects?.remove(), INSTALL_MS_MAX)

const run = (project: string, script: string, { file, flags } = OUR_NODE) =>
  execFileSync(file, [...flags, '--input-type=module', '-e', script], { cwd: project, encoding: 'utf8' }).trim()

function bytesIn(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

test('the gateway installs without a compiler, below its size, and opens', { timeout: INSTALL_MS_MAX }, () => {
  const project = projects.install('gateway', 'switchyard-gateway')
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

test('the SDK, client, contracts and seller run on Node 20, each entry of them', { timeout: INSTALL_MS_MAX }, () => {
  expect(runsOnOld).toEqual(['switchyard-api', 'switchyard-client', 'switchyard-contracts', 'switchyard-seller'])
  const project = projects.install('old', ...runsOnOld, OLD_NODE)
  const script = `console.log(process.version); ${runsOnOld
    .flatMap(entriesOf)
    .map((entry) => `await import('${entry}')`)
    .join('; ')}`
  expect(run(project, script, oldNodeOf(project))).toBe('v20.20.2')
  const command = join(project, 'node_modules/switchyard-client/lib/packages/client/bin.js')
  expect(execFileSync(oldNodeOf(project).file, [command, '--help'], { encoding: 'utf8' })).toContain('switchyard-client pay')
})

test('the gateway tells Node 20 in one sentence what to do', { timeout: INSTALL_MS_MAX }, () => {
  const project = projects.install('older', 'switchyard-gateway', OLD_NODE)
  const names = [
    'switchyard-gateway',
    'switchyard-gateway/codecs',
    'switchyard-gateway/ledger',
    'switchyard-gateway/rail',
    'switchyard-gateway/router',
  ]
  const script = names.map((name) => `await import('${name}').catch(({ code }) => console.log(code))`).join('; ')
  expect(run(project, script, oldNodeOf(project)).split('\n')).toEqual(names.map(() => 'node_too_old'))
})

test('a program that was bundled with the ledger runs', { timeout: INSTALL_MS_MAX }, () => {
  const project = projects.install('bundled', 'switchyard-gateway', BUNDLER)
  writeFileSync(
    join(project, 'books.js'),
    `import { accounts, createBooks, openSqliteJournal, USD, uuidIds } from 'switchyard-gateway/ledger'
    const clock = { now: () => Date.now() }
    const books = createBooks({ journal: openSqliteJournal('journal.db'), clock })
    await books.start()
    const leg = { kind: 'move', debit: accounts.capital('operator'), credit: accounts.party('pa_1'), asset: USD, units: 100n }
    console.log((await books.submit({ entry: { id: uuidIds(clock).entry(), payment: 'first', legs: [leg] } })).kind)
    await books.close()`,
  )
  // What it bundles as CommonJS requires Node's own modules.
  const banner = "--banner:js=import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url)"
  const words = ['books.js', '--bundle', '--platform=node', '--format=esm', '--outfile=out/books.mjs', banner]
  execFileSync(join(project, 'node_modules/.bin/esbuild'), words, { cwd: project, stdio: 'pipe' })
  rmSync(join(project, 'node_modules/switchyard-gateway'), { recursive: true })
  expect(run(project, "await import('./out/books.mjs')")).toBe('applied')
})

test.each(manifests)(
  'the types of $name are strict under both ways of resolving modules, those of others included',
  {
    timeout: INSTALL_MS_MAX,
  },
  ({ name }) => {
    // Alone: what another package brings along would hide what is missing.
    const project = projects.install(`types-${name}`, name, ...(runsOnOld.includes(name) ? [] : ['@types/node@24']))
    const lines = entriesOf(name).flatMap((entry, n) => [
      `import * as entry${n} from '${entry}'`,
      // Were its types lost, it would be anything.
      `export const typed${n}: 0 extends 1 & typeof entry${n} ? never : object = entry${n}`,
    ])
    writeFileSync(join(project, 'all.ts'), lines.join('\n'))
    for (const resolution of RESOLUTIONS) runTypeScript(project, ['all.ts'], { resolution })
  },
)

test('a wrong word is an error of types, in every package that takes words', { timeout: INSTALL_MS_MAX }, () => {
  const ours = manifests.map(({ name }) => name)
  const project = projects.install('wrong', ...ours, '@types/node@24')
  const text = `
    import { createPayer, evmWallet } from 'switchyard-client'
    import { SettlementHub, splitTree } from 'switchyard-contracts'
    import { deployOnDevNetwork } from 'switchyard-contracts/hardhat'
    import { startYard } from 'switchyard-dev/testing'
    import { openGateway, readConfig } from 'switchyard-gateway'
    import { createSeller } from 'switchyard-seller'
    const split: bigint = splitTree({ payees: [{ account: '0x01', shares: 1n }] }).totalShares
    // @ts-expect-error A name is not a configuration.
    void openGateway('gateway.json')
    // @ts-expect-error No payer without a budget.
    createPayer({ wallets: [] })
    // @ts-expect-error A port is a number.
    void startYard({ port: '8402' })
    // @ts-expect-error The gateway's address is its url.
    createSeller({ url: 'http://127.0.0.1:8402', key: 'sk' })
    // @ts-expect-error An EIP-1193 provider, not its address.
    void deployOnDevNetwork('http://127.0.0.1:8545')
    console.log(split, SettlementHub.abi.length, evmWallet, readConfig)
  `
  writeFileSync(join(project, 'all.ts'), text)
  for (const resolution of RESOLUTIONS) runTypeScript(project, ['all.ts'], { resolution })
})

test('publint and "are the types wrong" find nothing in any tarball, by their own commands', { timeout: INSTALL_MS_MAX }, () => {
  const project = projects.install('judges', ...JUDGES)
  const judge = (command: string, ...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...NODE_FLAGS, join('node_modules', command), ...words], {
      cwd: project,
      encoding: 'utf8',
    })
    return [status, status === 0 ? '' : stdout + stderr]
  }
  for (const { name } of manifests) {
    const tarball = projects.tarballOf(name)!
    expect([name, ...judge('publint/src/cli.js', '--strict', tarball)]).toEqual([name, 0, ''])
    // Every Node that these packages serve requires ES modules too.
    expect([name, ...judge('@arethetypeswrong/cli/dist/index.js', '--profile', 'esm-only', tarball)]).toEqual([name, 0, ''])
  }
})
