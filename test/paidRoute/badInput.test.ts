import { afterAll, beforeAll, expect, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { authorizationRows } from './badInput/authorizationRows.ts'
import { meteredRows } from './badInput/meteredRows.ts'
import { permitRows } from './badInput/permitRows.ts'
import { requestRows } from './badInput/requestRows.ts'
import type { Row } from './badInput/row.ts'
import { x402Rows } from './badInput/x402Rows.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'
import { askedOf } from './proofs.ts'

// What strangers send over the three protocols. Whatever it is, it is answered in the words of the catalogue, no handler runs and no money moves.
let world: PaidRouteWorld
beforeAll(async () => {
  const rate = { perS: 100_000, burst: 100_000 }
  world = await openPaidRoute({ finishedKept: 100, limits: { line: rate, network: rate, caller: rate, lateMs: 600_000 } })
})
afterAll(() => world.close())

/** What a payment changes first: a handler runs, a receipt is issued, and somebody has more or less. */
const moved = () => ({
  ran: world.ran(),
  receipts: world.receipts.length,
  seller: world.has(accounts.party(world.seller), USDC),
  customer: world.has(accounts.party(world.customer.id), USDC),
  collected: world.chain.asked.filter((name) => name === 'collect').length,
})

async function refused([_, status, code, make]: Row): Promise<void> {
  const challenge = askedOf(await world.app.inject({ method: 'GET', url: '/joke' }))
  const { url = '/joke', headers = {}, payload } = await make(challenge, world)
  const before = moved()
  const answer = await world.app.inject(payload ? { method: 'POST', url, headers, payload } : { method: 'GET', url, headers })
  expect([answer.statusCode, code.split('|')]).toEqual([status, expect.arrayContaining([answer.json().code])])
  // Whoever is told to pay is told how, and nobody that it was paid.
  if (status === 402) expect(answer.headers['payment-required']).toBeDefined()
  for (const name of ['switchyard-receipt', 'payment-response', 'payment-receipt']) expect(answer.headers[name]).toBeUndefined()
  expect(moved()).toEqual(before)
}

test.each(x402Rows)('x402 %s is answered %i %s', (...row) => refused(row))
test.each(authorizationRows)('%s is answered %i %s', (...row) => refused(row))
test.each(permitRows)('%s is answered %i %s', (...row) => refused(row))
test.each(meteredRows)('%s is answered %i %s', (...row) => refused(row))
test.each(requestRows)('%s is answered %i %s', (...row) => refused(row))

test('the table has rows enough, and no two of one name', () => {
  const names = [
    ...x402Rows.map(([what]) => `x402 ${what}`),
    ...[...authorizationRows, ...permitRows, ...meteredRows, ...requestRows].map(([what]) => what),
  ]
  expect(names.length).toBeGreaterThan(250)
  expect(new Set(names).size).toBe(names.length)
})
