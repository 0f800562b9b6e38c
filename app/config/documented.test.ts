import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createPayout } from '../../gateway/api/http/wire.ts'
import { readConfig } from './config.ts'
import { settingNames } from './settingNames.ts'
import { shape } from './shape.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const PAGE = read('docs/configuration.md')
const random = (name: string) => createHash('sha256').update(name).digest('hex')

test('the whole file of the page is taken as it stands, with the variables that it names', () => {
  const example = /```json\n([\s\S]*?)```/.exec(PAGE)![1]!
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-documented-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'switchyard.json')
  writeFileSync(file, example)
  const names = [...example.matchAll(/"\$([A-Z_]+)"/g)].map((match) => match[1]!)
  const secretFor = (name: string) => (name.startsWith('EVM') ? `0x${random(name)}` : `sk_${random(name)}`)
  const env = Object.fromEntries(names.map((name) => [name, secretFor(name)]))
  const config = readConfig(file, env)
  expect([config.evm.length, config.lightning && 'lnd' in config.lightning, config.bank?.folder]).toEqual([1, true, './bank'])
  expect(() => readConfig(file, {})).toThrow(/is not set/)
})

test('the page has a row for every setting, and none for another', () => {
  const rows = [...PAGE.matchAll(/^\| `([^`]+)` /gm)].map((match) => match[1]!)
  expect([...rows].sort()).toEqual([...settingNames(shape)].sort())
})

test('the order to pay out of the README is one that the API takes', () => {
  const body = /-d '(\{\s*"party"[\s\S]*?\})'/.exec(read('README.md'))![1]!
  expect(createPayout.parse(JSON.parse(body.replace('pa_...', `pa_${'0'.repeat(32)}`)))).toMatchObject({ destinations: [{}, {}] })
})
