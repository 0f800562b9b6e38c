import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../freePorts.ts'
import { openPaidRoute, type PaidRouteWorld } from '../../paidRoute/paidRouteWorld.ts'
import {
  answering,
  copyExample,
  INSTALL_MS_MAX,
  OLD_NODE,
  OUR_NODE,
  oldNodeOf,
  openProjects,
  type Started,
  startProgram,
} from '../packages/emptyProjects.ts'

/** With what Next adds by itself where it finds TypeScript. */
const VERSIONS = ['next@16.4.6', 'react@19.2.0', 'react-dom@19.2.0', 'typescript@7.0.2', '@types/react@19.3.0', '@types/node@24']
const JOKE = { joke: 'Two sats walk into a channel.' }
const BOOKS = `import { createSeller, usd } from 'switchyard-seller'
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
let gateway: string
let projects: ReturnType<typeof openProjects>
const running: Started[] = []
beforeAll(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  gateway = await world.app.listen({ host: '127.0.0.1', port: 0 })
  projects = openProjects()
}, INSTALL_MS_MAX)
afterAll(async () => {
  for (const server of running) await server.stop()
  await world?.close()
  projects?.remove()
}, INSTALL_MS_MAX)

const pays = () => ({ authorization: `Bearer ${world.customer.key}`, 'idempotency-key': crypto.randomUUID() })

/** As its users start it, with the Node that the path finds first: it hands its own Node's flags on in NODE_OPTIONS, which does not take ours. */
function next(project: string, node: string) {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
    SWITCHYARD_URL: gateway,
    SWITCHYARD_KEY: world.sellerKey,
    NEXT_TELEMETRY_DISABLED: '1',
    NODE_OPTIONS: '',
  }
  const file = join(project, 'node_modules/.bin/next')
  return {
    build: () => execFileSync(file, ['build'], { cwd: project, env: { ...env, NODE_ENV: 'production' }, stdio: 'pipe' }),
    async serve(mode: 'dev' | 'start'): Promise<string> {
      const port = String(await freePort())
      const more = { NODE_ENV: mode === 'dev' ? ('development' as const) : ('production' as const) }
      const server = startProgram(project, [file, mode, '-H', '127.0.0.1', '-p', port], { ...env, ...more })
      running.push(server)
      const url = `http://127.0.0.1:${port}`
      expect((await answering(`${url}/joke`, server)).status).toBe(402)
      return url
    },
  }
}

test('the route of examples/next is paid in its development server', { timeout: INSTALL_MS_MAX }, async () => {
  const from = performance.now()
  const project = projects.install('next', 'switchyard-seller', ...VERSIONS)
  copyExample('next', join(project, 'app/joke'))
  const url = await next(project, OUR_NODE.file).serve('dev')
  expect(await (await fetch(`${url}/joke`, { headers: pays() })).json()).toEqual(JOKE)
  console.log(`next: ${((performance.now() - from) / 1_000).toFixed(1)} s from an empty folder to the first paid answer`) // not money: seconds
})

test("Next's own server, built and started by Node 20 and by ours, asks, runs once and repeats its answer", {
  timeout: INSTALL_MS_MAX,
}, async () => {
  const project = projects.install('next-built', 'switchyard-seller', OLD_NODE, ...VERSIONS)
  copyExample('next', join(project, 'app/joke'))
  mkdirSync(join(project, 'app/books/[id]'), { recursive: true })
  writeFileSync(join(project, 'app/books/[id]/route.js'), BOOKS)
  writeFileSync(join(project, 'app/layout.jsx'), LAYOUT)
  for (const { file } of [oldNodeOf(project), OUR_NODE]) {
    rmSync(join(project, '.next'), { recursive: true, force: true })
    const server = next(project, file)
    server.build()
    const url = `${await server.serve('start')}/books/7`
    const asked = await fetch(url)
    expect([asked.status, asked.headers.get('www-authenticate')]).toEqual([402, expect.stringMatching(/^L402 .*Payment/)])
    const headers = pays()
    const answers = await Promise.all([fetch(url, { headers }), fetch(url, { headers })])
    expect(answers.map(({ status, headers: h }) => [status, h.get('switchyard-receipt')])).toEqual(
      answers.map(() => [200, expect.stringMatching(/^rc_/)]),
    )
    expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual(answers.map(() => ({ book: '7', ran: 1 })))
  }
})
