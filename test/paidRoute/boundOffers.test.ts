import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openPaidRoute, type PaidRouteWorld } from './paidRouteWorld.ts'
import { askedOf, type Challenge, credential, signed, x402 } from './proofs.ts'

// A proof buys what it was quoted for: the request whose 402 made the offer, at the price and the rate of that moment.
let world: PaidRouteWorld
let usdcUsd: string
beforeEach(async () => {
  usdcUsd = '1'
  world = await openPaidRoute({ finishedKept: 10, usdcUsd: () => usdcUsd })
  onTestFinished(() => world.close())
})

const ask = (url: string, headers: Record<string, string> = {}) => world.app.inject({ method: 'GET', url, headers })
const quoted = async (url: string): Promise<Challenge> => askedOf(await ask(url))

const proofs: [string, (challenge: Challenge) => Promise<Record<string, string>>][] = [
  ['x402', (challenge) => x402(challenge)],
  [
    'an evm charge',
    async (challenge) => credential(challenge.evm, { type: 'authorization', ...(await signed(challenge, { charge: true })) }),
  ],
  ['a lightning charge', async ({ lightning, invoice }) => credential(lightning, { preimage: world.lightning.pay(invoice) })],
  ['L402', async ({ macaroon, invoice }) => ({ authorization: `L402 ${macaroon}:${world.lightning.pay(invoice)}` })],
]

describe.each(proofs)('a proof by %s', (_, pay) => {
  test('buys the request that it was quoted for, and not another query of its route', async () => {
    const headers = await pay(await quoted('/joke?length=1'))
    const other = await ask('/joke?length=1000', headers)
    expect([other.statusCode, world.ran()]).toEqual([402, 0])
    expect(['challenge_wrong_route', 'challenge_altered']).toContain(other.json().code)
    expect(await ask('/joke?length=1', headers)).toMatchObject({ statusCode: 200, body: 'joke 1' })
  })

  test('pays what it was quoted, though the rate has moved since; the next offer is at the new rate', async () => {
    const challenge = await quoted('/joke')
    usdcUsd = '0.5'
    expect(await ask('/joke', await pay(challenge))).toMatchObject({ statusCode: 200 })
    expect((await quoted('/joke')).x402.accepts[0]!.amount).toBe('4000')
  })
})

test('a quote of x402 holds as long as its offer, and not in other words', async () => {
  const challenge = await quoted('/joke')
  const [accepted] = challenge.x402.accepts
  const { quote } = accepted!.extra
  const changed = (text: string) => ({ extra: { ...accepted!.extra, quote: text } })
  usdcUsd = '0.5'
  const cheaper = quote.replace(/^[0-9]+/, '1')
  const longer = quote.replace(/\.[0-9]+\./, '.9999999999.')
  for (const text of [cheaper, longer]) {
    expect((await ask('/joke', await x402(challenge, { accepted: changed(text) }))).json().code).toBe('proof_wrong_amount')
  }
  const validBefore = BigInt(Math.floor(Date.now() / 1000) + 900) // not money: a time
  const late = await x402(challenge, { validBefore })
  world.pass(301_000)
  expect((await ask('/joke', late)).json().code).toBe('proof_wrong_amount')
  expect(world.ran()).toBe(0)
})
