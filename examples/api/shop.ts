import { createGateway, SwitchyardError } from 'switchyard-api'

const url = process.env.SWITCHYARD_URL ?? 'http://127.0.0.1:8402'
const operator = createGateway({ url, key: process.env.SWITCHYARD_KEY })

// The key is told this once: keep it with your secrets. A repeat under the same name has null there.
const shop = await operator.parties.create({ name: 'Blue Heron Press' })
const seller = createGateway({ url, key: shop.api_key ?? undefined })

const intent = await seller.intents.create(
  { amount: { asset: 'USD', amount: '4.20' }, payee: shop.id, description: 'Essay: On Tolls', order_id: '4711' },
  { idempotencyKey: `${shop.id}-order-4711` },
)
console.log(`pay at ${new URL(intent.page, url)}`)
for (const { rail, amount } of intent.offers) console.log(`  ${rail}: ${amount.amount} ${amount.asset}`)

/** What happened, in its order; a shop would go on, and keep the id of the event that it read last. */
export const told: string[] = []
for await (const event of seller.events({ after: 'first', types: ['payment_intent.*'] })) {
  told.push(event.type)
  if (event.type === 'payment_intent.created') await seller.intents.cancel(event.data.id)
  if (event.type === 'payment_intent.canceled') break
}

export const refused = await seller.intents.pay(intent.id, { rail: 'book' }).catch((error: unknown) => {
  if (!(error instanceof SwitchyardError)) throw error
  console.log(`refused: ${error.code}, ${error.hint}`)
  return error.code
})
