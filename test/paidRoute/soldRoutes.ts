import type { FastifyInstance } from 'fastify'
import type { PaidFaces } from '../../gateway/api/paid/paidFaces.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { USD } from '../../gateway/money/asset.ts'
import { type Money, parseAmount } from '../../gateway/money/money.ts'
import { usd } from '../../gateway/seller/price.ts'
import { type LongWork, sellLong } from './longWork.ts'

const DAY_MS = 86_400_000

/** Whom the routes pay, and what the work of `/slow` is. */
type Sold = Readonly<{ payee: string; split: string; slow: () => Promise<string> }>

type Counted = Readonly<{ long: LongWork; ran: () => number; fails: (times: number, first?: () => Promise<void>) => void }>

/** The priced routes, each at a price that is collected after the answer but for those of the opera and the flaky ones. */
export function sellOn(app: FastifyInstance, faces: PaidFaces, { payee, split, slow }: Sold): Counted {
  let [ran, failing] = [0, 0]
  let before: (() => Promise<void>) | undefined
  const flaky = async () => {
    await before?.()
    if (failing-- > 0) throw new GatewayError('internal_error', 'The work broke')
    return `flaky ${++ran}`
  }
  const [price, most, dear] = ['0.002', '0.05', '0.2'].map((amount) => parseAmount(amount, USD)) as [Money, Money, Money]
  paidRoutes(app, faces, { publicUrl: () => 'http://127.0.0.1:1' })
  app.get('/joke', { config: { price, payee } }, async () => `joke ${++ran}`)
  app.get('/opera', { config: { price: dear, payee } }, async () => `opera ${++ran}`)
  app.get('/duet', { config: { price, split } }, async () => `duet ${++ran}`)
  app.route({ method: ['GET', 'POST'], url: '/echo', config: { price, payee }, handler: async () => `echo ${++ran}` })
  app.get('/secret', { config: { price, payee, listed: false } }, async () => `secret ${++ran}`)
  app.get('/cached', { config: { price, payee, listed: false } }, async (_, reply) => {
    reply.header('cache-control', 'public, max-age=600').header('cdn-cache-control', 'max-age=600')
    return `cached ${++ran}`
  })
  app.get('/slow', { config: { price, payee } }, slow)
  for (const [url, payer] of [
    ['/metered', { payee }],
    ['/metered-duet', { split }],
  ] as const) {
    app.get<{ Querystring: { use?: string; status?: string } }>(url, { config: { price: { upto: most }, ...payer } }, (request, reply) => {
      const { use = '0', status = '200' } = request.query
      const left = request.meter.add({ asset: 'USD', amount: use })
      return reply.code(Number(status)).send(`metered ${++ran}, ${left.units} left`) // not money: a status
    })
  }
  app.get<{ Querystring: { use: string } }>(
    '/by-use',
    { config: { price: { upto: most }, payee, pass: { budget: usd('0.12'), forMs: DAY_MS }, listed: false } },
    async (request, reply) => {
      request.meter.add({ asset: 'USD', amount: request.query.use })
      await before?.()
      return reply.code(failing-- > 0 ? 500 : 200).send(`tokens ${++ran}`)
    },
  )
  app.get('/no-meter', { config: { price, payee } }, async (request) => request.meter.left())
  app.get('/broken', { config: { price, payee } }, (_, reply) => reply.code(500).send('no joke'))
  app.get('/ten/:id', { config: { price, payee, pass: { uses: 10 } } }, async () => `ten ${++ran}`)
  app.get('/ten-shared', { config: { price, split, pass: { uses: 20, price: usd('0.03'), forMs: DAY_MS } } }, async () => `shared ${++ran}`)
  app.get('/hour', { config: { price, payee, pass: { forMs: 3_600_000, price: usd('0.05') } } }, async () => `hour ${++ran}`)
  app.get('/budget', { config: { price, payee, pass: { budget: usd('0.01'), forMs: DAY_MS } } }, async () => `budget ${++ran}`)
  app.get('/fragile', { config: { price, payee, pass: { uses: 2 } } }, (request, reply) =>
    request.headers['x-break'] ? reply.code(500).send('no joke') : `fragile ${++ran}`,
  )
  app.get('/flaky', { config: { price: dear, payee } }, flaky)
  app.get('/flaky-duet', { config: { price: dear, split } }, flaky)
  const long = sellLong(app, { price, payee }, () => ++ran)
  return {
    ran: () => ran,
    long,
    fails(times, first) {
      failing = times
      before = first
    },
  }
}

/** Work that takes until it is told to end: `began` answers the receipt of the request that it is for. */
export function slowWork(receipt: () => string) {
  const [begins, ends] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()]
  return {
    began: () => begins.promise,
    end: () => ends.resolve(),
    async handler(): Promise<string> {
      begins.resolve(receipt())
      await ends.promise
      return 'slow'
    },
  }
}
