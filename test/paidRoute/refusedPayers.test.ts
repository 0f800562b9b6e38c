import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { addressOf, type CreditWorld, openCreditWorld } from './creditWorld.ts'

// An account that has delegated its code: what its key signs is refused by the token for as long as that is so, and costs its signer nothing.
const [EVIL, ALICE] = [addressOf(0xbad), addressOf(0xa11ce)]
const UNITS = 2_000n
let world: CreditWorld
let refuses = true
beforeEach(async () => {
  world = await openCreditWorld({})
  onTestFinished(world.close)
  refuses = true
  const { chain } = world
  const { collect } = { ...chain }
  const no = { kind: 'unknown', checkAfterMs: 1_000, refusal: 'payer_delegated' } as const
  chain.collect = async (id, a, how) => (a.from === EVIL && refuses ? no : collect(id, a, how))
  chain.views.withCode.add(EVIL)
  chain.fill(EVIL, 100n * UNITS)
  chain.fill(ALICE, 100n * UNITS)
})

const ask = () => world.serve({ payer: EVIL, units: UNITS })
const held = () => world.requestRecords.heldKeys().length

test('what one payer signs and its chain refuses is kept for a few requests, and the next ones are told why', async () => {
  const told = new Set<string>()
  for (let n = 0; n < 100; n++) told.add(await ask())
  expect([...told]).toEqual(['payer_delegated'])
  expect(held()).toBeLessThanOrEqual(4)
  expect(await world.serve({ payer: ALICE, units: UNITS })).toBe('deferred')
  await expect.poll(() => world.chain.collected()).toBe(1)
})

test('and is served again soon after its chain refuses nothing more, because who is turned away has the old ones tried', async () => {
  for (let n = 0; n < 10; n++) await ask()
  refuses = false
  await expect.poll(ask).toBe('paid first')
})
