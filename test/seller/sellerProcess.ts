// A seller with Express in a process of its own, as one of its replicas. It tells its parent when work begins and works until the parent says so.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createSeller } from '../../gateway/seller/createSeller.ts'
import { usd } from '../../gateway/seller/price.ts'

const [gateway = '', key = ''] = process.argv.slice(2)
const seller = createSeller({ gateway, key, log: () => {} })
const app = express()
app.get('/joke', seller.express({ price: usd('0.002'), answerWithinS: 2 }), async (_, res) => {
  const told = new Promise<string>((resolve) => process.once('message', (message) => resolve(String(message))))
  process.send?.('working')
  res.send(await told)
})
const server = createServer(app).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo // It listens on a port.
  process.send?.({ url: `http://127.0.0.1:${port}` })
})
process.once('disconnect', () => process.exit())
