import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPackages } from '../../../tools/packages/build.ts'
import { openPaidRoute, type PaidRouteWorld } from '../../paidRoute/paidRouteWorld.ts'

const VERSIONS = ['next@16.4.6', 'react@19.2.0', 'react-dom@19.2.0']
/** npm and the registry take what they take. */
const INSTALL_MS_MAX = 600_000
const ROUTE = `import { createSeller, usd } from 'switchyard-seller'
const seller = createSeller({ gateway: process.env.SWITCHYARD_URL, key: process.env.SWITCHYARD_KEY })
let ran = 0
export const dynamic = 'force-dynamic'
export const GET = seller.next({ price: usd('0.002'), route: '/books/[id]' }, async (request, { params }) => {
  const { id } = await params
  return Response.json({ book: id, ran: ++ran })
})
`
const LAYOUT = `export default function Layout({ children }) { return <html><body>{children}</body></html> }\n`

let world: PaidRouteWorld
let project: string
let server: ChildProcess
let url: string
beforeAll(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  const gateway = await world.app.listen({ host: '127.0.0.1', port: 0 })
  project = mkdtempSync(join(tmpdir(), 'switchyard-next-'))
  const seller = buildPackages(join(project, 'dist')).find(({ name }) => name === 'switchyard-seller')!
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...VERSIONS, seller.tarball], { cwd: project, stdio: 'pipe' })
  const folder = join(project, 'app/books/[id]')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'route.js'), ROUTE)
  writeFileSync(join(project, 'app/layout.jsx'), LAYOUT)
  const env = {
    ...process.env,
    SWITCHYARD_URL: gateway,
    SWITCHYARD_KEY: world.sellerKey,
    NEXT_TELEMETRY_DISABLED: '1',
    NODE_ENV: 'production',
  }
  // As its users start it: it hands its own Node's flags on in NODE_OPTIONS, which does not take ours.
  const next = join(project, 'node_modules/.bin/next')
  execFileSync(next, ['build'], { cwd: project, env, stdio: 'pipe' })
  const port = await freePort()
  url = `http://127.0.0.1:${port}/books/7`
  server = spawn(next, ['start', '-H', '127.0.0.1', '-p', String(port)], {
    cwd: project,
    env,
    stdio: 'ignore',
  })
  while (!(await fetch(url).catch(() => undefined))) await new Promise((resolve) => setTimeout(resolve, 100))
}, INSTALL_MS_MAX)
afterAll(async () => {
  server?.kill('SIGKILL')
  await world?.close()
  if (project) rmSync(project, { recursive: true, force: true })
}, INSTALL_MS_MAX)

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const { port } = probe.address() as AddressInfo // It listens on a port.
  await new Promise((resolve) => probe.close(resolve))
  return port
}

test("a route handler of Next's own server asks for its price, runs once and repeats its answer", async () => {
  const asked = await fetch(url)
  expect([asked.status, asked.headers.get('www-authenticate')]).toEqual([402, expect.stringMatching(/^Payment .*L402/)])
  const headers = { authorization: `Bearer ${world.customer.key}`, 'idempotency-key': crypto.randomUUID() }
  const answers = await Promise.all([fetch(url, { headers }), fetch(url, { headers })])
  expect(answers.map(({ status, headers: h }) => [status, h.get('switchyard-receipt')])).toEqual(
    answers.map(() => [200, expect.stringMatching(/^rc_/)]),
  )
  expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual(answers.map(() => ({ book: '7', ran: 1 })))
})
