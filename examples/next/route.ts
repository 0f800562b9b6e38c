import { createSeller, usd } from 'switchyard-seller'

const { SWITCHYARD_URL: gateway = 'http://127.0.0.1:8402', SWITCHYARD_KEY: key } = process.env
const seller = createSeller({ gateway, key })

// Next would otherwise answer with what the build was told.
export const dynamic = 'force-dynamic'

export const GET = seller.next({ price: usd('0.002'), route: '/joke', description: 'A joke' }, () =>
  Response.json({ joke: 'Two sats walk into a channel.' }),
)
