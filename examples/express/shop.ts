import express from 'express'
import { createSeller, usd } from 'switchyard-seller'

const { SWITCHYARD_URL: gateway = 'http://127.0.0.1:8402', SWITCHYARD_KEY: key, PORT = '3000' } = process.env
const seller = createSeller({ gateway, key })
const app = express()
app.use(express.json())

app.get('/joke', seller.express({ price: usd('0.002'), description: 'A joke' }), (_, res) => {
  res.json({ joke: 'Two sats walk into a channel.' })
})

// A fifth of a cent, and a cent where the text is long.
const price = ({ body }: express.Request) => usd(String(body?.text ?? '').length > 100 ? '0.01' : '0.002')
app.post('/shout', seller.express({ price }), (req, res) => {
  res.send(String(req.body.text).toUpperCase())
})

export const server = app.listen(Number.parseInt(PORT, 10), '127.0.0.1', () => console.log(`open at http://127.0.0.1:${PORT}/joke`))
