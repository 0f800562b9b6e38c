import { afterAll, beforeAll, expect, test } from 'vitest'
import { type QuietChain, startQuietChain } from '../evm/quietChain.ts'
import { type FacilitatorWorld, openFacilitatorWorld, termsOn } from './facilitatorWorld.ts'

// The list of resources is shared by all sellers, so each has its part of it, also of calls that come at once.
let chain: QuietChain
let world: FacilitatorWorld
beforeAll(async () => {
  chain = await startQuietChain()
  world = await openFacilitatorWorld(chain)
}, 120_000)
afterAll(async () => {
  await world?.close()
  await chain?.stop()
}, 30_000)

test('a seller that lists everything at once fills its own part of the list and no more', async () => {
  const { id } = await world.seller('many')
  const { listings } = world.yard.gateway().facilitator
  const data = (n: number) => ({
    resource: `https://many.example/${n}`,
    accepts: [{ ...termsOn(chain), payTo: chain.hub, asset: chain.token }],
  })
  const listed = await Promise.allSettled(Array.from({ length: 150 }, (_, n) => listings.publish(id, data(n))))
  expect(listed.filter(({ status }) => status === 'fulfilled')).toHaveLength(100)
  expect(listings.page({}, { limit: 100, offset: 0 }).total).toBe(100)
  // A place that came free is given to one.
  await listings.withdraw(id, 'https://many.example/0')
  const again = await Promise.allSettled([200, 201, 202].map((n) => listings.publish(id, data(n))))
  expect(again.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  // The same resource at once is one resource, and takes one place.
  await listings.withdraw(id, 'https://many.example/1')
  await Promise.all(Array.from({ length: 5 }, () => listings.publish(id, data(300))))
  expect(listings.page({}, { limit: 100, offset: 0 }).total).toBe(100)
})
