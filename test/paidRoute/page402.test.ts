import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPaidRoute, type PaidRouteWorld } from './paidRouteWorld.ts'
import { askedOf } from './proofs.ts'

// The page that shows a 402 shows what a client gets.
const ROOT = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const page = read('docs/402.md')
const shown = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text!) as unknown)
const wire = /```\n(HTTP\/1\.1 402[\s\S]*?)```/.exec(page)![1]!.trim().split('\n').slice(1)

let world: PaidRouteWorld
beforeAll(async () => {
  world = await openPaidRoute({ finishedKept: 3 })
})
afterAll(() => world.close())

/** What is in it is the extension's own. */
const CUT = new Set(['bazaar', 'schema'])

/** The names in a JSON value, in their order, but for those inside of what the page cuts. */
function namesOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(namesOf)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.entries(value).map(([name, inner]) => [name, CUT.has(name) ? typeof inner : namesOf(inner)])
}

/** `Payment id realm method=lightning`: the scheme, and the names of its parameters; what chooses a client's way with its value. */
function spelling(challenge: string): string {
  const names = [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => (name === 'method' ? `${name}=${value}` : name))
  return [challenge.split(' ')[0], ...names].join(' ')
}

test('the page of the 402 has the headers of a 402, in their order', async () => {
  const { headers } = await world.app.inject({ method: 'GET', url: '/joke' })
  const challenges = [headers['www-authenticate']].flat().map(String)
  const named = (name: string) => wire.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2))
  expect(named('www-authenticate').map(spelling)).toEqual(challenges.map(spelling))
  for (const name of ['cache-control', 'content-type', 'vary']) expect(named(name)).toEqual([headers[name]])
  expect(String(headers['payment-required'])).toHaveLength(1_904)
  expect(new Set(wire.map((line) => line.split(': ')[0]))).toEqual(
    new Set(['cache-control', 'content-type', 'payment-required', 'vary', 'www-authenticate']),
  )
})

test('the page of the 402 has the JSON of its three encodings', async () => {
  const challenge = askedOf(await world.app.inject({ method: 'GET', url: '/joke' }))
  const requests = [challenge.lightning, challenge.evm].map(({ request }) => JSON.parse(Buffer.from(request!, 'base64url').toString()))
  expect(shown.map(namesOf)).toEqual([challenge.x402, ...requests].map(namesOf))
})

test('the page of the 402 has the caveats of a token', async () => {
  const { macaroon } = askedOf(await world.app.inject({ method: 'GET', url: '/joke' }))
  const caveats = [
    ...Buffer.from(macaroon, 'base64')
      .toString('latin1')
      .matchAll(/([a-z_]{5,})=/g),
  ].map(([, name]) => name)
  expect([...page.matchAll(/^\| `([a-z_]+)` +\| .*\|.*\|$/gm)].map(([, name]) => name).slice(0, 4)).toEqual(caveats)
})

test('the page of the 402 names every client that pays it in a test, and its version', () => {
  const rows = [...page.matchAll(/^\| `([^`]+)`[^|]*\| (\d[\d.]*) +\|.*\| `(test\/[^`]+)` +\|$/gm)]
  const files = globSync(['test/clients/*.test.ts', 'test/full/clients/*.full.ts', 'test/long/clients/*.long.ts'], { cwd: ROOT })
  expect(rows.map(([, , , file]) => file)).toEqual(expect.arrayContaining(files))
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> }
  const python = read('test/full/clients/requirements.txt').matchAll(/^([\w-]+)(?:\[.*\])?==(.*)$/gm)
  const rust = read('test/long/clients/x402Reqwest/Cargo.toml').matchAll(/^([\w-]+) = "=(.*)"$/gm)
  const elsewhere = [...python, ...rust].map(([, name, version]) => [name!, version!] as const)
  const pinned = new Map([...Object.entries(devDependencies), ...elsewhere])
  expect(rows.map(([, name, version]) => [name, version])).toEqual(rows.map(([, name]) => [name, pinned.get(name!.split(' ')[0]!)]))
})
