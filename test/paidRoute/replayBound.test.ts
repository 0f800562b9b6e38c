import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { WAYS } from './badInput/row.ts'
import { openPaidRoute, type PaidRouteWorld } from './paidRouteWorld.ts'
import { askedOf, type Challenge } from './proofs.ts'

// The answer that a proof has bought is given again to who has lost it, and is no answer for ever: a poll with an old proof would get the first day's.
let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 10 })
  onTestFinished(() => world.close())
})

const ask = (headers: Readonly<Record<string, string>> = {}) => world.app.inject({ method: 'GET', url: '/joke', headers })
const quoted = async (): Promise<Challenge> => askedOf(await ask())

describe.each(WAYS)('an answer that was bought by %s', (_, pay) => {
  test('is given again as long as its offer lives, and then there is a fresh 402', async () => {
    const headers = (await pay(await quoted(), world)).headers!
    expect(await ask(headers)).toMatchObject({ statusCode: 200, body: 'joke 1' })
    world.pass(290_000)
    expect(await ask(headers)).toMatchObject({ statusCode: 200, body: 'joke 1' })
    world.pass(20_000)
    const late = await ask(headers)
    expect([late.statusCode, ['proof_used', 'token_spent']]).toEqual([402, expect.arrayContaining([late.json().code])])
    expect(late.headers['payment-required']).toBeDefined()
    expect(world.ran()).toBe(1)
  })

  test('is given again at any time to a request with the Idempotency-Key that it had', async () => {
    const headers = { ...(await pay(await quoted(), world)).headers, 'idempotency-key': 'once-and-for-all' }
    expect(await ask(headers)).toMatchObject({ statusCode: 200, body: 'joke 1' })
    world.pass(3_600_000)
    expect(await ask(headers)).toMatchObject({ statusCode: 200, body: 'joke 1' })
    expect((await ask({ ...headers, 'idempotency-key': 'another-request' })).statusCode).toBe(402)
    expect(world.ran()).toBe(1)
  })
})
