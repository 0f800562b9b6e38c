import { expect, onTestFinished, test } from 'vitest'
import { lineOf } from '../../gateway/payins/exposure/exposureLegs.ts'
import { addressOf, openCreditWorld } from './creditWorld.ts'

// Money that was taken and goes back says nothing for its payer: what was refused is paid again at no cost.
const DOLLAR = 1_000_000n

async function open() {
  const world = await openCreditWorld({ limits: { newPayersUnits: 0n } })
  onTestFinished(world.close)
  const payer = addressOf(1)
  world.chain.fill(payer, 2n * DOLLAR)
  return { world, payer }
}

test('a payer whose only payment goes back is given no credit', async () => {
  const { world, payer } = await open()
  expect(await world.serve({ payer, units: DOLLAR }, 404)).toBe('paid first')
  await world.settled()
  expect(world.books.accounts('surplus').reduce((sum, { creditsPosted }) => sum + creditsPosted, 0n)).toBe(DOLLAR)
  expect(world.has(lineOf(payer)).is).toBe(0n)
  expect(await world.serve({ payer, units: DOLLAR / 10n })).toBe('paid first')
})

test('a payer whose work was delivered is given credit for it, and for nothing while it runs', async () => {
  const { world, payer } = await open()
  const admitted = await world.admit({ payer, units: DOLLAR })
  if (admitted.kind !== 'run') throw new Error('it was not admitted')
  while (world.requestRecords.byClaim(admitted.request.claimKey)?.collection !== 'collected') await new Promise((r) => setTimeout(r, 2))
  expect(world.has(lineOf(payer)).is).toBe(0n)
  await world.finish(admitted.request, 200)
  expect(world.has(lineOf(payer)).is).toBe(DOLLAR)
  expect(await world.serve({ payer, units: DOLLAR / 10n })).toBe('deferred')
})

test('a payer whose work was delivered before its money was booked has the same credit', async () => {
  const { world, payer } = await open()
  world.chain.tellLater()
  expect(await world.serve({ payer, units: DOLLAR })).toBe('paid first')
  expect(world.has(lineOf(payer)).is).toBe(0n)
  world.chain.tell()
  await world.settled()
  expect(world.has(lineOf(payer)).is).toBe(DOLLAR)
})
