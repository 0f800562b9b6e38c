// A seller with Express in a process of its own, as one of its replicas. It tells its parent when work begins and works until the parent says so.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import express from 'express'
import { createSeller } from '../../gateway/seller/createSeller.ts'
import { usd } from '../../gateway/seller/price.ts'

const [gateway = '', key = '', withinS = '4'] = process.argv.slice(2)
const seller = createSeller({ gateway, key, log: () => {} })
const app = express()
app.get('/joke', seller.express({ price: usd('0.002'), answerWithinS: 2 }), async (_, res) => {
  const told = new Promise<string>((resolve) => process.once('message', (message) => resolve(String(message))))
  process.send?.('working')
  res.send(await told)
})
// A word every 20 ms, as long as something is left of what its payer has promised.
app.get('/words', seller.express({ price: { upto: usd('0.05') }, answerWithinS: Number.parseInt(withinS, 10) }), async (req, res) => {
  const meter = seller.meter(req)
  res.type('text/event-stream')
  for (let n = 1; meter.left().units > 0n && !res.closed; n++) {
    meter.add(usd('0.001'))
    if (!res.write(`data: ${n}\n\n`)) await once(res, 'drain')
    await pause(20)
  }
  res.end()
})
const server = createServer(app).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo // It listens on a port.
  process.send?.({ url: `http://127.0.0.1:${port}` })
})
process.once('disconnect', () => process.exit())
