import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { WAYS } from './badInput/row.ts'
import { openPaidRoute } from './paidRouteWorld.ts'
import { askedOf } from './proofs.ts'

// Node keeps the first of two Authorization headers and says nothing of the other: whoever stands between reads another credential than we do.
test.each(WAYS)('a header that comes twice is no proof: %s', async (_, pay) => {
  const world = await openPaidRoute({ finishedKept: 10 })
  onTestFinished(() => world.close())
  await world.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = world.app.server.address() as AddressInfo // It listens on TCP.
  const { headers = {} } = await pay(askedOf(await world.app.inject({ method: 'GET', url: '/joke' })), world)
  const sent = (times: number) =>
    new Promise<number>((resolve, reject) => {
      const twice = Object.entries(headers).map(([name, value]) => [name, Array.from({ length: times }, () => value)])
      const asking = request({ host: '127.0.0.1', port, path: '/joke', headers: Object.fromEntries(twice) }, (answer) => {
        answer.resume()
        resolve(answer.statusCode!)
      })
      asking.once('error', reject).end()
    })
  expect([400, 402]).toContain(await sent(2))
  expect([world.ran(), world.receipts]).toEqual([0, []])
  expect([await sent(1), world.ran()]).toEqual([200, 1])
})
