import { expect, test } from 'vitest'
import { to } from '../../../test/payout/payoutWorld.ts'
import { bootWallet, OWNER, type WalletWorld } from '../../../test/wallet/walletWorld.ts'
import { BTC } from '../../money/asset.ts'
import type { Json } from '../../ports/books.ts'

const { nodeId } = to.node

async function open() {
  const world = await bootWallet()
  const { id } = await world.wallet.apps.create({
    party: OWNER,
    name: 'player',
    methods: ['pay_keysend', 'list_transactions'],
    budgetMsat: 50_000n,
    period: 'never',
    expiresAt: undefined,
  })
  return { world, id }
}
const ask = ({ wallet }: WalletWorld, app: string, event: string, params: Record<string, Json>) =>
  wallet.appMethods.answer(app, { id: event, method: 'pay_keysend', params: { amount: 7_000, pubkey: nodeId, ...params } })
const held = ({ books }: WalletWorld) => {
  const { creditsPosted, debitsPosted, debitsPending } = books.balance(`party:${OWNER}`, BTC)
  return creditsPosted - debitsPosted - debitsPending
}
const START_MSAT = 1_000_000_000n

test('a keysend is done once by the event that asks for it, also when a relay sends that again after a restart', async () => {
  const { world, id } = await open()
  await ask(world, id, 'e1', {})
  expect(held(world)).toBe(START_MSAT - 7_000n)
  const again = await bootWallet({ journal: world.journal, rails: world.rails })
  await ask(again, id, 'e1', {})
  expect([world.rails.lightning.heard.length, held(again)]).toEqual([1, START_MSAT - 7_000n])
  await ask(again, id, 'e2', {})
  expect([world.rails.lightning.heard.length, held(again)]).toEqual([2, START_MSAT - 14_000n])
})

test('a keysend that has failed is not tried again under its event: its app has heard of the failure', async () => {
  const { world, id } = await open()
  world.rails.lightning.manner = 'refuse'
  expect(await ask(world, id, 'e1', {})).toMatchObject({ error: { code: 'PAYMENT_FAILED' } })
  world.rails.lightning.manner = 'pay'
  expect(await ask(world, id, 'e1', {})).toMatchObject({ error: { code: 'PAYMENT_FAILED' } })
  expect(held(world)).toBe(START_MSAT)
})

test('an id of the app names a keysend, whatever event carries it; another payment under it is refused', async () => {
  const { world, id } = await open()
  await ask(world, id, 'e1', { id: 'boost' })
  await ask(world, id, 'e2', { id: 'boost' })
  for (const other of [{ amount: 8_000 }, { pubkey: `03${'cd'.repeat(32)}` }, { tlv_records: [{ type: 7_629_169, value: '7b7d' }] }]) {
    expect(await ask(world, id, 'e3', { id: 'boost', ...other })).toMatchObject({
      error: { message: expect.stringContaining('another payment') },
    })
  }
  expect([world.rails.lightning.heard.length, held(world)]).toEqual([1, START_MSAT - 7_000n])
})

test('its records go to the rail, and it stands in the list of the app', async () => {
  const { world, id } = await open()
  await ask(world, id, 'e1', { tlv_records: [{ type: 7_629_169, value: '7b7d' }] })
  const records = [{ type: '7629169', value: '7b7d' }]
  expect(world.payouts.list({ limit: 1, after: undefined })[0]?.destinations).toEqual([{ kind: 'lightning_node', nodeId, records }])
  const listed = await world.wallet.appMethods.answer(id, { id: 'e2', method: 'list_transactions', params: {} })
  const metadata = { destination: nodeId, tlv_records: [{ type: 7_629_169, value: '7b7d' }] }
  expect(listed).toMatchObject({ result: { transactions: [{ type: 'outgoing', state: 'settled', amount: 7_000, metadata }] } })
})

test.each([
  ['more than the budget', { amount: 50_001 }, 'QUOTA_EXCEEDED', 'the budget has 50000 msat left'],
  ['a preimage of the app’s own', { preimage: '11'.repeat(32) }, 'OTHER', 'leave `preimage` out'],
  ['what is no node', { pubkey: 'bob' }, 'OTHER', 'pubkey'],
  ['a record without a value in hex', { tlv_records: [{ type: 7_629_169, value: 'boost' }] }, 'OTHER', 'tlv_records'],
])('%s is refused, and moves nothing', async (_, params, code, words) => {
  const { world, id } = await open()
  expect(await ask(world, id, 'e1', params)).toMatchObject({ error: { code, message: expect.stringContaining(words) } })
  expect([world.rails.lightning.heard, held(world)]).toEqual([[], START_MSAT])
})
