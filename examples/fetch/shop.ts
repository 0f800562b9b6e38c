import { createSeller, usd } from 'switchyard-seller'

const { SWITCHYARD_URL: gateway = 'http://127.0.0.1:8402', SWITCHYARD_KEY: key } = process.env
const seller = createSeller({ gateway, key, publicUrl: 'https://jokes.example' })

/** A cent a day of forecast; today is free. */
const price = (request: Request) => {
  const days = /^[1-9]$/.exec(new URL(request.url).searchParams.get('days') ?? '')
  return days ? usd(`0.0${days[0]}`) : 'free'
}

export const handler = seller.fetch({ price, description: 'A forecast' }, (request) =>
  Response.json({ forecast: 'sats', days: new URL(request.url).searchParams.get('days') ?? 'today' }),
)
