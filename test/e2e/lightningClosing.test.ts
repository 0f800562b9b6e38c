import { afterAll, beforeAll, expect, test } from 'vitest'
import { trialBalanceOf } from './trialBalance.ts'
import { control, type Json, partyWith, startYard, until, type Verification, type Yard } from './yard.ts'

let yard: Yard
beforeAll(async () => {
  yard = await startYard()
}, 90_000)
afterAll(() => yard?.close(), 30_000)

type Payout = { id: string; status: string }

const lightningRows = async () => {
  const { body } = await yard.call<Verification>('GET', '/v1/verify')
  const rows = body.rails.filter(({ account }) => account.startsWith('rail:lightning:'))
  return { ok: body.ok, rows: Object.fromEntries(rows.map(({ account, verdict }) => [account.slice('rail:lightning:'.length), verdict])) }
}
const ledgerOf = async (account: string) => {
  const rows = await trialBalanceOf<{ account: string; debits: string; credits: string }>(yard)
  const row = rows.find((b) => b.account === account)
  return row ? BigInt(row.debits) - BigInt(row.credits) : 0n
}
const channelsClosing = async () => {
  const { body } = await yard.call<{ process: { channels_closing: string } }>('GET', '/v1/lightning')
  return body.process.channels_closing
}
const mine = (n: number) => control<{ height: number }>(yard.world.lightning.chainUrl, '/mine', { n })

async function payOut(party: string): Promise<void> {
  const destination = { kind: 'lightning_node', node_id: yard.world.lightning.customer.nodeId }
  const body: Json = { party, amount: { asset: 'USDC', amount: '0.25' }, destinations: [destination] }
  const made = await yard.call<Payout>('POST', '/v1/payouts', { body })
  expect(made.status).toBeLessThan(300)
  await until('the payout', async () => (await yard.call<Payout>('GET', `/v1/payouts/${made.body.id}`)).body.status === 'settled')
}

test('a channel that the peer closes moves through the books to the wallet, and its cost is a fee', async () => {
  const payee = await partyWith(yard, { name: 'seller' })
  const made = await yard.call<{ id: string; offers: { rail: string; pay: { invoice?: string } }[] }>('POST', '/v1/payment_intents', {
    body: { amount: { asset: 'USD', amount: '3' }, payee: payee.id, rails: ['lightning'] },
  })
  await control(yard.world.lightning.controlUrl, '/pay', { invoice: made.body.offers[0]!.pay.invoice })
  await until('settlement', async () => {
    const { body } = await yard.call<{ status: string }>('GET', `/v1/payment_intents/${made.body.id}`)
    return body.status === 'settled'
  })
  await payOut(payee.id)
  await until('agreement', async () => (await lightningRows()).rows.node === 'equal')
  const before = await ledgerOf('rail:lightning:node')
  const feesBefore = await ledgerOf('fee:paid:lightning')

  const { body } = await yard.call<{ node_id: string }>('GET', '/v1/lightning')
  const nodeId = body.node_id
  await control(yard.world.lightning.controlUrl, '/close', { nodeId, force: true })
  await until('the move', async () => (await ledgerOf('rail:lightning:closing')) > 0n)
  expect(await ledgerOf('rail:lightning:node')).toBe(0n)
  expect(await channelsClosing()).toBe('1')
  expect(Object.keys((await lightningRows()).rows).sort()).toEqual(['closing', 'node'])

  // The node dies between the close and the sweep, and comes back.
  await mine(6)
  await yard.kill()
  await yard.start()
  for (const blocks of [1, 6, 1, 6]) {
    await mine(blocks)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  await until('the wallet', async () => (await ledgerOf('rail:lightning:wallet')) > 0n)
  const end = await until('agreement', async () => {
    const now = await lightningRows()
    return Object.values(now.rows).every((verdict) => verdict === 'equal') && now
  })
  expect(end).toEqual({ ok: true, rows: { node: 'equal', closing: 'equal', wallet: 'equal' } })
  const wallet = await ledgerOf('rail:lightning:wallet')
  const cost = (await ledgerOf('fee:paid:lightning')) - feesBefore
  expect(cost).toBeGreaterThan(0n)
  expect(wallet).toBe(before - cost)
  expect(await ledgerOf('rail:lightning:closing')).toBe(0n)
  expect(await channelsClosing()).toBe('0')
}, 120_000)
