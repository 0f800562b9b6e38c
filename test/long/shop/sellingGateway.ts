// A gateway's program for `startYard` that sells more than the demo's joke: started by fork, tells its parent what `switchyard gateway` does.
import { appendFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { addDemoRoute } from '../../../app/cli/demoRoute.ts'
import { readConfig } from '../../../app/config/config.ts'
import { openGateway } from '../../../app/openGateway.ts'
import { addApi, newApp } from '../../../gateway/api/app.ts'
import { paidRoutes } from '../../../gateway/api/paid/paidRoute.ts'
import { USD } from '../../../gateway/money/asset.ts'
import { money } from '../../../gateway/money/money.ts'
import { usd } from '../../../gateway/seller/price.ts'
import { nameOfSeller, PRICE_UNITS, RUNS, SELLERS, type SellerName, STREAM } from './sellers.ts'

type Gateway = Awaited<ReturnType<typeof openGateway>>
type Asked = { Querystring: { n: string; use?: string } }
/** Between two parts of a stream, so that kills come in the middle. */
const PART_MS = 20
/** More than the yard has. */
const PARTIES_MAX = 200

const config = readConfig(process.argv.at(-1)!, process.env)
const gateway = await openGateway(config, {
  onStep: (step) => process.send!({ step }),
  onStop: () => process.exit(70),
  railsOpen: askParent,
})
const app = newApp()
await addApi(app, gateway)
let url = ''
const publicUrl = () => url
const demo = await addDemoRoute(app, gateway, { publicUrl, accounts: config.demo!.payeeAccounts })
const payees = await sellersOf(gateway)
await app.register(async (scope) => {
  paidRoutes(scope, gateway, { publicUrl })
  sell(scope, payees)
})
await app.listen({ host: config.host, port: config.port })
url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}` // It listens on a port.
process.send!({ ready: { url, demo } })
process.once('SIGTERM', end)
process.once('disconnect', end)

async function end(): Promise<void> {
  await app.close()
  await gateway.close()
  process.exit(0)
}

/** The parent opens a channel to our node in the local network, then lets the start go on. */
function askParent(rails: object): Promise<void> {
  return new Promise((resolve) => {
    process.once('message', () => resolve())
    process.send!({ railsOpen: rails })
  })
}

/** The same sellers after each start. */
async function sellersOf({ parties: { parties } }: Gateway): Promise<Record<SellerName, string>> {
  const standing = new Map(parties.list({ limit: PARTIES_MAX, after: undefined }).map(({ name, id }) => [name, id]))
  const found = async (name: SellerName) =>
    standing.get(nameOfSeller(name)) ?? (await parties.create({ name: nameOfSeller(name) })).party.id
  const ids = []
  for (const name of SELLERS) ids.push([name, await found(name)] as const)
  return Object.fromEntries(ids) as Record<SellerName, string> // Each of them.
}

/** One line a run, which a kill leaves where it is. */
function ran(kind: SellerName, n: string): { kind: string; n: string; run: string } {
  appendFileSync(join(config.dataDir, RUNS), `${kind} ${n}\n`)
  return { kind, n, run: crypto.randomUUID() }
}

function sell(scope: FastifyInstance, payee: Record<SellerName, string>): void {
  const price = (units: bigint) => money(USD, units)
  scope.get<Asked>('/shop/session', { config: { price: price(PRICE_UNITS), payee: payee.session, session: true } }, async ({ query }) =>
    ran('session', query.n),
  )
  const metered = { price: { upto: price(STREAM.mostUnits) }, payee: payee.stream, session: { step: usd('0.04') } }
  scope.get<Asked>('/shop/stream', { config: metered }, async ({ query, meter }, reply) => {
    async function* parts() {
      for (let part = 1; part <= Number(query.use); part++) {
        meter.add(price(STREAM.partUnits))
        ran('stream', query.n)
        yield `data: ${part}\n\n`
        await pause(PART_MS)
      }
    }
    return reply.type('text/event-stream').send(Readable.from(parts(), { highWaterMark: 1 }))
  })
}
