import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { createSeller, usd } from 'switchyard-seller'

const { SWITCHYARD_URL: gateway = 'http://127.0.0.1:8402', SWITCHYARD_KEY: key, PORT = '3000' } = process.env
const seller = createSeller({ gateway, key })

export const app = new Hono()
app.get('/joke', seller.hono({ price: usd('0.002'), description: 'A joke' }), (c) => c.json({ joke: 'Two sats walk into a channel.' }))
app.get('/books/:id', seller.hono({ price: usd('0.05') }), (c) => c.text(`Book ${c.req.param('id')}`))

export const server = serve({ fetch: app.fetch, port: Number.parseInt(PORT, 10), hostname: '127.0.0.1' }, ({ port }) => {
  console.log(`open at http://127.0.0.1:${port}/joke`)
})
