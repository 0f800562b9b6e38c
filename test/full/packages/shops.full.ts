import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
  type Runtime,
  runTypeScript,
  type Started,
  startProgram,
} from './emptyProjects.ts'

const FRAMEWORKS = [
  { name: 'express', framework: ['express@5.3.0'] },
  { name: 'fastify', framework: ['fastify@5.12.8'] },
  { name: 'hono', framework: ['hono@4.13.19', '@hono/node-server@2.1.8'] },
]
const TYPES = ['@types/node@24', '@types/express@5.0.6']
const JOKE = { joke: 'Two sats walk into a channel.' }

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
  for (const shop of running) await shop.stop()
  await world?.close()
  projects?.remove()
}, INSTALL_MS_MAX)

/** Starts a file of a project as a shop before the gateway, and answers where its joke is. */
async function openShop(project: string, file: string, { file: node, flags }: Runtime): Promise<string> {
  const port = String(await freePort())
  const env = { ...process.env, SWITCHYARD_URL: gateway, SWITCHYARD_KEY: world.sellerKey, PORT: port, NODE_OPTIONS: '' }
  const shop = startProgram(project, [node, ...flags, file], env)
  running.push(shop)
  const url = `http://127.0.0.1:${port}/joke`
  expect((await answering(url, shop)).status).toBe(402)
  return url
}

const pays = () => ({ authorization: `Bearer ${world.customer.key}`, 'idempotency-key': crypto.randomUUID() })

describe.each(FRAMEWORKS)('the shop of examples/$name in an empty folder', ({ name, framework }) => {
  test('is paid on our Node, as it is written', { timeout: INSTALL_MS_MAX }, async () => {
    const from = performance.now()
    const project = projects.install(name, 'switchyard-seller', ...framework)
    copyExample(name, project)
    const url = await openShop(project, 'shop.ts', OUR_NODE)
    expect(await (await fetch(url, { headers: pays() })).json()).toEqual(JOKE)
    console.log(`${name}: ${((performance.now() - from) / 1_000).toFixed(1)} s from an empty folder to the first paid answer`) // not money: seconds
  })

  test('is compiled strictly, and paid on Node 20 by the agent of the example', { timeout: INSTALL_MS_MAX }, async () => {
    const project = projects.install(`${name}-old`, 'switchyard-seller', 'switchyard-client', OLD_NODE, ...framework, ...TYPES)
    for (const example of [name, 'agent-with-budget']) copyExample(example, project)
    runTypeScript(project, ['shop.ts', 'agent.ts'], { resolution: 'bundler' })
    runTypeScript(project, ['shop.ts', 'agent.ts'], { resolution: 'nodenext', emit: true })
    const old = oldNodeOf(project)
    const url = await openShop(project, 'shop.js', old)
    const env = { ...process.env, SWITCHYARD_URL: new URL(url).origin, SWITCHYARD_KEY: world.customer.key, JOKE: '/joke', NODE_OPTIONS: '' }
    // Not synchronously: the gateway that it pays is in this process.
    const { stdout: said } = await promisify(execFile)(old.file, [join(project, 'agent.js')], { cwd: project, env })
    expect(said.match(/Two sats walk/g)).toHaveLength(2)
    expect(said).toContain('for 0.004 USD')
  })
})
