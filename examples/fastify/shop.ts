import Fastify from 'fastify'
import { createSeller, usd } from 'switchyard-seller'

const { SWITCHYARD_URL: gateway = 'http://127.0.0.1:8402', SWITCHYARD_KEY: key, PORT = '3000' } = process.env
const seller = createSeller({ gateway, key })
export const app = Fastify()
await app.register(seller.fastify)

app.get('/joke', { config: { price: usd('0.002'), description: 'A joke' } }, async () => ({ joke: 'Two sats walk into a channel.' }))
app.get<{ Params: { id: string } }>('/books/:id', { config: { price: usd('0.05') } }, async ({ params }) => `Book ${params.id}`)

console.log(`open at ${await app.listen({ host: '127.0.0.1', port: Number.parseInt(PORT, 10) })}/joke`)
