import { createHash } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { boot, PAYEE, to, USDC } from '../../../test/payout/payoutWorld.ts'
import { money } from '../../money/money.ts'
import type { Destination } from '../../ports/sender.ts'

const WAIT = { timeout: 15_000 }
const PREIMAGE = '11'.repeat(32)
const HASH = createHash('sha256').update(Buffer.from(PREIMAGE, 'hex')).digest('hex')

async function stuckOn(rail: 'lightning' | 'evm', destination: Destination) {
  const w = await boot()
  onTestFinished(() => w.payouts.close())
  w.rails[rail].manner = 'stuck'
  w.rails.lightning.railKey = () => HASH
  const order = { source: PAYEE, amount: money(USDC, 1_000_000n), destinations: [destination], reference: 'r', createdBy: 'test' }
  const { id } = await w.payouts.create(order)
  await expect.poll(() => w.payouts.get(id).attempts[0]?.stuck, WAIT).toBe(true)
  const attempt = w.payouts.get(id).attempts[0]!.id
  const { byHand } = w.payouts
  return { ...w, id, attempt, check: (evidence?: string) => () => byHand.checkRuling(id, attempt, { outcome: 'settled', evidence }) }
}

test('a Lightning payment is settled by hand only with the preimage of its hash, which is then its proof', async () => {
  const w = await stuckOn('lightning', to.node)
  expect(w.check()).toThrow('invalid_request')
  expect(w.check('a screenshot')).toThrow('invalid_request')
  expect(w.check('22'.repeat(32))).toThrow('not the preimage')
  expect(w.check(PREIMAGE)).not.toThrow()
  const said = { outcome: 'settled', action: 'sa_1', by: 'anna', reason: 'the payee has shown it', evidence: PREIMAGE, at: 5 } as const
  await w.books.submit(w.payouts.byHand.ruling(w.id, w.attempt, said))
  w.payouts.byHand.goOn(w.id)
  const evidence = { rail: 'lightning', id: HASH, at: 5, proof: PREIMAGE }
  expect(await w.payouts.wait(w.id, { timeoutMs: 15_000 })).toMatchObject({ status: 'settled', evidence })
})

test('a payment on a chain is settled by hand only with the hash of a transaction', async () => {
  const w = await stuckOn('evm', to.evm)
  expect(w.check('0x12')).toThrow('invalid_request')
  expect(w.check(`0x${'ab'.repeat(32)}`)).not.toThrow()
})

test('what persons say after the rail has ended it changes nothing', async () => {
  const w = await stuckOn('lightning', to.node)
  const said = { outcome: 'failed', action: 'sa_1', by: 'anna', reason: 'they have not got it', at: 5 } as const
  const late = w.payouts.byHand.ruling(w.id, w.attempt, said)
  w.rails.lightning.release()
  w.payouts.byHand.goOn(w.id)
  const settled = await w.payouts.wait(w.id, { timeoutMs: 15_000 })
  expect(settled.status).toBe('settled')
  expect(await w.books.submit(late)).toMatchObject({ kind: 'applied' })
  expect(w.payouts.get(w.id)).toEqual(settled)
})
