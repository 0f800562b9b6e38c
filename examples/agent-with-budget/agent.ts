import { bookWallet, createPayer, isGatewayError, showMoney, usd } from 'switchyard-client'

const { SWITCHYARD_URL: gateway = 'http://127.0.0.1:8402', SWITCHYARD_KEY: apiKey = 'sk_of_a_party', JOKE = '/demo/joke' } = process.env

// Whatever the agent is talked into: a cent a request, half a cent in all, and nowhere else.
const payer = createPayer({
  wallets: [bookWallet({ apiKey, origins: [gateway] })],
  budget: { perRequest: usd('0.01'), perDay: usd('0.005'), sites: [new URL(gateway).host] },
  approve: ({ url, total }) => {
    console.log(`paying ${total && showMoney(total)} for ${url}`)
    return true
  },
})

/** Buys jokes for as long as the budget lasts. */
export async function buyJokes(): Promise<string[]> {
  const jokes: string[] = []
  for (;;) {
    try {
      const response = await payer.fetch(new URL(JOKE, gateway))
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
      jokes.push(await response.text())
    } catch (error) {
      if (isGatewayError(error, 'budget_exceeded')) return jokes
      throw error
    }
  }
}

console.log(await buyJokes(), `for ${showMoney(await payer.spent())}`)
