import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { type Built, buildPackages } from '../../tools/packages/build.ts'
import { readManifests } from '../../tools/packages/manifest.ts'

const ROOT = join(import.meta.dirname, '../..')
const names = readManifests(ROOT).map(({ name }) => name)
/** Every Node that these packages serve requires ES modules too, and knows `exports`; `node10` is TypeScript for older ones. */
const isOfOldNode = (problem: object) => 'resolutionKind' in problem && problem.resolutionKind === 'node10'

let folder: string
let built: Built[]
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-packages-'))
  built = buildPackages(join(folder, 'dist'))
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Published = Readonly<{ exports: Record<string, unknown>; dependencies: Record<string, string>; bin?: Record<string, string> }>
const manifestOf = (name: string): Published => JSON.parse(readFileSync(join(folder, 'dist', name, 'package.json'), 'utf8'))

/** A project that has the package from its tarball, and of others only what the package names. */
function projectWith(name: string): string {
  const project = join(folder, 'projects', name)
  if (existsSync(project)) return project
  const modules = join(project, 'node_modules')
  mkdirSync(join(modules, name), { recursive: true })
  const { tarball } = built.find((one) => one.name === name)!
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', join(modules, name)])
  for (const dependency of Object.keys(manifestOf(name).dependencies)) {
    mkdirSync(dirname(join(modules, dependency)), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules', dependency), join(modules, dependency))
  }
  return project
}

/** What an older Node says of itself, before anything of the package is read. */
const AS_NODE_20 = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })"

describe.each(readManifests(ROOT).filter(({ engines }) => engines.node === '>=24'))('$name, which needs Node 24', ({ name, exports }) => {
  test.each(Object.keys(exports))('%s says so under an older Node, in one typed sentence', (path) => {
    const project = projectWith(name)
    const entry = `${name}${path.slice(1)}`
    const script = `${AS_NODE_20}; await import('${entry}').catch(({ name, code, message }) => console.log(JSON.stringify([name, code, message])))`
    const run = spawnSync(process.execPath, [...NODE_FLAGS, '--input-type=module', '-e', script], { cwd: project, encoding: 'utf8' })
    expect(run.stderr).toBe('')
    expect(JSON.parse(run.stdout)).toEqual(['GatewayError', 'node_too_old', expect.stringMatching(/needs Node 24.*npx -p node@24/)])
  })

  test.each(Object.keys(exports))('%s reads nothing before that which an older Node does not have', (path) => {
    const entry = manifestOf(name).exports[path] as { default: string } // As the build writes it.
    const text = readFileSync(join(folder, 'dist', name, entry.default), 'utf8')
    expect([...text.matchAll(/^import .* from '(.*)'$/gm)].map(([, from]) => from)).toEqual([
      'node:module',
      expect.stringMatching(/errors\/nodeTooOld\.js$/),
    ])
  })

  test('is required as well as imported', () => {
    const [entry] = Object.keys(exports)
    const script = `console.log(Object.keys(require('${name}${entry!.slice(1)}')).length > 0)`
    const run = spawnSync(process.execPath, [...NODE_FLAGS, '-e', script], { cwd: projectWith(name), encoding: 'utf8' })
    expect([run.stderr, run.stdout]).toEqual(['', 'true\n'])
  })
})

test('the example of the codecs in docs/402.md runs against the package as it is built', () => {
  const page = readFileSync(join(ROOT, 'docs/402.md'), 'utf8')
  const [, script] = /```js\n([\s\S]*?)```/.exec(page)!
  const project = projectWith('switchyard-gateway')
  const run = spawnSync(process.execPath, [...NODE_FLAGS, '--input-type=module', '-e', script!], { cwd: project, encoding: 'utf8' })
  expect([run.stderr, run.stdout]).toEqual(['', 'l402 lightning 2000n\nmpp-lightning lightning 2000n\n'])
})

describe.each(names)('%s', (name) => {
  test('what its files read beside them is in its tarball, and is named in a way that the build sees', () => {
    const lib = join(projectWith(name), 'node_modules', name, 'lib')
    const read = readdirSync(lib, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.js'))
      .flatMap((file) =>
        [...readFileSync(join(lib, file), 'utf8').matchAll(/new URL\((.*?), import\.meta\.url\)/g)].map(
          ([, named]) => [file, named!] as const,
        ),
      )
    /** A thread has the ending of the file that starts it. `./lightning/main` and its neighbours are named by a table. */
    const fileOf = (named: string) =>
      /^'([^']*)'$/.exec(named)?.[1] ?? /^`([^$]*)\$\{import\.meta\.url\.slice/.exec(named)?.[1]?.concat('.js')
    const isFolder = (named: string) => /^'[^']*\/[^.']*'$/.test(named) || named.includes('node_modules/.cache')
    const isTabled = (file: string) => file === 'world/startWorld.js'
    const missing = read.filter(([file, named]) => {
      const path = fileOf(named)
      return !isFolder(named) && !isTabled(file) && (path === undefined || !existsSync(join(lib, dirname(file), path)))
    })
    expect(missing).toEqual([])
  })

  test('each of its entries is imported from its tarball and has something', () => {
    const project = projectWith(name)
    const entries = Object.keys(manifestOf(name).exports).filter((path) => path !== './package.json')
    const script = entries.map((path) => `console.log(Object.keys(await import('${name}${path.slice(1)}')).length > 0)`).join('\n')
    const run = spawnSync(process.execPath, [...NODE_FLAGS, '--input-type=module', '-e', script], { cwd: project, encoding: 'utf8' })
    expect([run.stderr, run.stdout.split('\n').filter(Boolean)]).toEqual(['', entries.map(() => 'true')])
  })

  test('publint finds nothing', async () => {
    const pkgDir = join(folder, 'dist', name)
    const { messages } = await publint({ pkgDir, pack: false, strict: true })
    const manifest = JSON.parse(readFileSync(join(pkgDir, 'package.json'), 'utf8'))
    expect(messages.map((message) => formatMessage(message, manifest, { color: false }))).toEqual([])
  })

  test('its types resolve wherever its code does', async () => {
    const { tarball } = built.find((one) => one.name === name)!
    const checked = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))))
    const problems = checked.types ? checked.problems : [{ kind: 'NoTypes' }]
    expect(problems.filter((problem) => problem.kind !== 'CJSResolvesToESM' && !isOfOldNode(problem))).toEqual([])
  })
})
