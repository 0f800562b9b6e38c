import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { builtPackages } from './builtPackages.ts'
import { npmInstall } from './npmInstall.ts'

const INSTALL_MS = 600_000
const RUNNERS = ['vitest@5.1.1', 'jest@30.5.2']

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-runners-'))
  const { tarball } = builtPackages().find(({ name }) => name === 'switchyard-dev')!
  npmInstall(folder, [tarball, ...RUNNERS])
}, INSTALL_MS)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A test that starts two yards, pays and then fails on purpose, without ever stopping the second. */
const testFile = (imports: string, beforeAll: string) => `
${imports}
import { writeFileSync } from 'node:fs'
import { startYard } from 'switchyard-dev/testing'

let yards
${beforeAll}(async () => { yards = await Promise.all([startYard(), startYard()]) }, 600_000)
test('a yard answers, can be funded, and mines', async () => {
  writeFileSync(process.env.URLS, yards.map(({ url }) => url).join(' '))
  const [first, second] = yards
  if (first.url === second.url) throw new Error('they meet')
  if ((await fetch(first.route)).status !== 402) throw new Error('the route is free')
  await first.fund('0x00000000000000000000000000000000000000f5', { dollars: '1', coin: '1' })
  await first.mine(2)
  await first.stop()
}, 600_000)
test('fails on purpose', () => { throw new Error('on purpose') })
`

test.each([
  [
    'node:test',
    "import { before, test as it } from 'node:test'\nconst test = (name, work) => it(name, work)",
    'before',
    ['--test', 'yard.test.mjs'],
  ],
  ['vitest', "import { beforeAll, test } from 'vitest'", 'beforeAll', ['node_modules/vitest/vitest.mjs', 'run', 'yard.test.mjs']],
  [
    'jest',
    '',
    'beforeAll',
    ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--testMatch', '**/yard.test.mjs', '--transform', '{}', 'yard.test.mjs'],
  ],
])('a yard in %s is there, and gone after a failure', { timeout: INSTALL_MS }, async (_, imports, hook, words) => {
  writeFileSync(join(folder, 'yard.test.mjs'), testFile(imports, hook))
  const urls = join(folder, 'urls.txt')
  const { status, stdout, stderr } = spawnSync(process.execPath, [...NODE_FLAGS, ...words], {
    cwd: folder,
    env: { ...process.env, URLS: urls, NODE_OPTIONS: '' },
    encoding: 'utf8',
  })
  const said = stdout + stderr
  expect([status, said]).toEqual([1, expect.stringContaining('on purpose')])
  expect(said).toMatch(/pass 1\n|1 passed/)
  for (const url of readFileSync(urls, 'utf8').split(' ')) {
    // What a killed parent leaves ends a moment after it.
    await expect
      .poll(
        () =>
          fetch(url).then(
            () => 'answers',
            () => 'gone',
          ),
        { timeout: 60_000 },
      )
      .toBe('gone')
  }
  rmSync(urls)
})
