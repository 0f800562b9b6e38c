import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { WITHOUT_HASH } from '../../test/tidy/lockHashes.ts'
import { billOfMaterials, type Product } from './billOfMaterials.ts'
import { licencePage } from './licencePage.ts'
import { ALLOWED } from './licences.ts'
import { type LockFile, shippedPackages } from './shippedPackages.ts'

const root = join(import.meta.dirname, '../..')
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')
const lock = JSON.parse(textOf('package-lock.json')) as LockFile
const product = JSON.parse(textOf('package.json')) as Product

test('each production package of the lock is in the bill, with its hash and its licence', () => {
  const { components } = billOfMaterials(lock, product)
  const byRef = new Map(components.map((component) => [component['bom-ref'], component]))
  const shipped = Object.entries(lock.packages).filter(([key, { dev }]) => key !== '' && dev !== true)
  expect(shipped.length).toBeGreaterThan(100)
  const ids = shipped.map(([key, entry]) => {
    const id = `${key.split('node_modules/').at(-1)}@${entry.version}`
    const hash = Buffer.from(entry.integrity?.replace('sha512-', '') ?? '', 'base64').toString('hex')
    const component = byRef.get(id)
    expect(component?.hashes, id).toEqual(id in WITHOUT_HASH ? [] : [{ alg: 'SHA-512', content: hash }])
    expect(component?.licenses, id).toHaveLength(1)
    return id
  })
  expect([...byRef.keys()].sort()).toEqual([...new Set(ids)].sort())
})

test('each reference of the bill is to a component of it, and the project reaches all of them', () => {
  const bill = billOfMaterials(lock, product)
  const graph = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]))
  const reached = new Set<string>()
  const visit = (ref: string): void => {
    if (reached.has(ref)) return
    reached.add(ref)
    expect(graph.has(ref), ref).toBe(true)
    for (const next of graph.get(ref) ?? []) visit(next)
  }
  visit(bill.metadata.component['bom-ref'])
  expect([...graph.keys()].filter((ref) => !reached.has(ref))).toEqual([])
})

test('a bill is the same for the same lock, and nests what two versions are used of', () => {
  const small: LockFile = {
    packages: {
      '': { dependencies: { a: '1.0.0', b: '1.0.0' } },
      'node_modules/a': { version: '1.0.0', license: 'MIT', dependencies: { b: '^2.0.0' } },
      'node_modules/a/node_modules/b': { version: '2.0.0', license: 'ISC', optional: true },
      'node_modules/b': { version: '1.0.0', license: '(MIT OR CC0-1.0)', dependencies: { c: '1.0.0' } },
      'node_modules/c': { version: '1.0.0', license: 'MIT', dev: true },
    },
  }
  const bill = billOfMaterials(small, product)
  expect(billOfMaterials(small, product)).toEqual(bill)
  expect(bill.dependencies.slice(1)).toEqual([
    { ref: 'a@1.0.0', dependsOn: ['b@2.0.0'] },
    { ref: 'b@1.0.0', dependsOn: [] },
    { ref: 'b@2.0.0', dependsOn: [] },
  ])
  expect(bill.components.map(({ scope, licenses }) => ({ scope, licenses }))).toEqual([
    { scope: 'required', licenses: [{ license: { id: 'MIT' } }] },
    { scope: 'required', licenses: [{ expression: '(MIT OR CC0-1.0)' }] },
    { scope: 'optional', licenses: [{ license: { id: 'ISC' } }] },
  ])
})

test('a hash weaker than SHA-512 makes no bill', () => {
  const weak: LockFile = { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' } } }
  expect(() => billOfMaterials(weak, product)).toThrow('a@1.0.0 has the hash sha1-')
})

test('only licences that are allowed by name ship', () => {
  expect(shippedPackages(lock).filter(({ licence }) => !ALLOWED.includes(licence ?? ''))).toEqual([])
})

test('docs/licences.md is what the lock says', () => {
  expect(textOf('docs/licences.md'), 'run `npm run sbom` and commit docs/licences.md').toBe(licencePage(shippedPackages(lock)))
})

test('no alpha, beta or candidate of anything ships', () => {
  expect(shippedPackages(lock).filter(({ version }) => /-/.test(version))).toEqual([])
})
