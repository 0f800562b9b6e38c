import { EventEmitter, once } from 'node:events'
import { Readable } from 'node:stream'
import { openLog } from '../../adapters/operatorLog/openLog.ts'
import { addDemoRoute } from '../../app/cli/demoRoute.ts'
import { readConfig } from '../../app/config/config.ts'
import { openGateway } from '../../app/openGateway.ts'
import { addApi, newApp } from '../../gateway/api/app.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { usd } from '../../gateway/seller/price.ts'

// A gateway process whose own routes sell sessions: run by a yard as the command is, with the path of its configuration last.
const config = readConfig(process.argv.at(-1)!, process.env)
const logger = openLog(process.env.SWITCHYARD_LOG ?? 'error', { atOnce: false })
const gateway = await openGateway(config, {
  logger,
  onStep: (step) => process.send?.({ step }),
  onStop: () => process.exit(70),
  railsOpen: async (railsOpen) => {
    process.send?.({ railsOpen })
    await once(process, 'message')
  },
})
const app = newApp({ publicUrl: config.publicUrl, log: logger })
let url = ''
await addApi(app, gateway)
const demo = await addDemoRoute(app, gateway, { publicUrl: () => url, accounts: config.demo!.payeeAccounts })
const works = new EventEmitter()
await app.register(async (scope) => {
  paidRoutes(scope, gateway, { publicUrl: () => url })
  const sold = { split: demo.split, session: true } as const
  const price = parseAmount('0.02', USD)
  scope.get('/told', { config: { ...sold, price } }, async () => 'told')
  scope.get('/takes-long', { config: { ...sold, price } }, async () => {
    works.emit('begun')
    await once(works, 'end')
    return 'at last'
  })
  const metered = { price: { upto: usd('0.4') }, split: demo.split, session: { step: usd('0.02') } }
  scope.get<{ Querystring: { n: string } }>('/tokens', { config: metered }, async (request, reply) => {
    async function* tokens() {
      for (let n = 1; n <= Number.parseInt(request.query.n, 10); n++) {
        request.meter.add(usd('0.02'))
        yield `data: ${n}\n\n`
      }
    }
    return reply.type('text/event-stream').send(Readable.from(tokens(), { highWaterMark: 1 }))
  })
})
// Answers once the long work has begun.
app.get('/begun', async () => {
  await once(works, 'begun')
  return 'begun'
})
app.get('/end', async () => String(works.emit('end')))
url = await app.listen({ host: config.host, port: config.port })
process.send?.({ ready: { url, demo } })
await Promise.race([once(process, 'SIGTERM'), once(process, 'disconnect')])
await app.close()
await gateway.close()
process.exit(0)
