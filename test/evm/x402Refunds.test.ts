import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { newApp } from '../../gateway/api/app.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import type { Hex, PartyId } from '../../gateway/ports/ids.ts'
import { evmRail } from '../../gateway/ports/railName.ts'
import { usd } from '../../gateway/seller/price.ts'
import { rpc } from './chainProcess.ts'
import { type GatewayOnChain, startGateway } from './gatewayOnChain.ts'
import { type QuietChain, startQuietChain } from './quietChain.ts'
import { tokenBalance } from './railOnChain.ts'
import { type ChannelEntry, channelEntry, channelPayer, onChain, paying } from './x402Payer.ts'

// A payer of a channel of x402 asks for what it has not spent: once, whatever is sent how often, and never by somebody else.
const WAIT = { timeout: 30_000, interval: 50 }
const DEPOSIT = 3_000_000n
let chain: QuietChain
let yard: GatewayOnChain
let app: FastifyInstance
let url: string
let seller: Readonly<{ id: PartyId; path: string }>
let entry: ChannelEntry
let gate: Promise<void> | undefined

beforeAll(async () => {
  chain = await startQuietChain()
  yard = await startGateway(chain, { depth: 0 }, {}, { batchSettlement: { withdrawDelayS: 900 } })
  seller = await yard.party('seller')
  await open()
  entry = (await channelEntry(`${url}/song?n=0`))!
}, 60_000)

async function open(): Promise<void> {
  app = newApp({ publicUrl: 'http://localhost' })
  paidRoutes(app, yard.gateway(), { publicUrl: () => 'http://127.0.0.1:1' })
  const sold = { config: { price: usd('0.002'), payee: seller.id } }
  app.get<{ Querystring: { n: string } }>('/song', sold, async ({ query }) => {
    await gate
    return { song: query.n }
  })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
}

afterEach(async () => {
  gate = undefined
  await rpc(chain.rpcUrl, 'evm_setAutomine', [true])
})
afterAll(async () => {
  await app?.close()
  await yard?.close()
  await chain?.stop()
})

const get = (path: string, payment: object) => fetch(`${url}${path}`, { headers: paying(payment) })
const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code?: string }).code]
const said = (answer: Response) => JSON.parse(Buffer.from(answer.headers.get('payment-response')!, 'base64').toString())
const sentBy = async () => BigInt((await rpc(chain.rpcUrl, 'eth_getTransactionCount', [entry.extra.receiverAuthorizer, 'latest'])) as Hex)
const claimNow = async () => {
  const { payins, parties } = yard.gateway()
  return payins.x402Channels.claim(evmRail(chain.chainId), (await parties.splits.house(seller.id)).splitId)
}
/** A channel with a deposit that has paid once. */
async function opened(customer: number) {
  const payer = channelPayer(chain, customer)
  expect((await get('/song?n=first', await payer.deposit(entry, DEPOSIT, 2_000n))).status).toBe(200)
  return payer
}

test("ten times at once it is paid back once, what it owes is its seller's, and the same request sent later moves nothing", async () => {
  const payer = await opened(1)
  const [has, credit] = [await tokenBalance(chain, payer.account.address), yard.credit(seller.path)]
  const nonce = await sentBy()
  const refund = await payer.refund(entry, 2_000n)
  const answers = await Promise.all(Array.from({ length: 10 }, () => get('/song?n=back', refund)))
  const left = DEPOSIT - 2_000n
  for (const answer of answers) {
    expect(answer.status).toBe(200)
    expect(said(answer)).toMatchObject({
      success: true,
      amount: `${left}`,
      extra: { channelState: { balance: '2000', totalClaimed: '2000', chargedCumulativeAmount: '2000' } },
    })
  }
  expect(new Set(answers.map((answer) => said(answer).transaction)).size).toBe(1)
  expect([await sentBy(), await tokenBalance(chain, payer.account.address)]).toEqual([nonce + 1n, has + left])
  await expect.poll(() => yard.credit(seller.path) - credit, WAIT).toBe(2_000n)
  // Its payer goes on with another deposit, which the old word does not touch.
  expect((await get('/song?n=anew', await payer.deposit(entry, DEPOSIT, 4_000n))).status).toBe(200)
  const [state, sent] = [await onChain(chain, payer.idOf(entry)), await sentBy()]
  const later = await get('/song?n=back', refund)
  expect([later.status, said(later).amount, said(later).transaction]).toEqual([200, `${left}`, said(answers[0]!).transaction])
  // Where it was no word for that, anybody could send it now: a claim has shown the voucher.
  expect(await codeOf(await get('/song?n=back', await payer.refund(entry, 2_000n, 7n)))).toEqual([402, 'proof_wrong_amount'])
  expect([await onChain(chain, payer.idOf(entry)), await sentBy()]).toEqual([state, sent])
  expect((await yard.gateway().audit.verify()).ok).toBe(true)
}, 60_000)

test('nobody is paid back by another sum, another key, too little, or a voucher that a claim has shown', async () => {
  const payer = await opened(2)
  const sent = await sentBy()
  const wrong = await get('/song?n=a', await payer.refund(entry, 3_000n))
  const required = JSON.parse(Buffer.from(wrong.headers.get('payment-required')!, 'base64').toString())
  expect([wrong.status, required.error]).toEqual([402, 'invalid_batch_settlement_evm_cumulative_amount_mismatch'])
  expect(required.accepts.find(({ scheme }: ChannelEntry) => scheme === 'batch-settlement').extra).toMatchObject({
    channelState: { chargedCumulativeAmount: '2000' },
    voucherState: { signedMaxClaimable: '2000' },
  })
  const right = await payer.refund(entry, 2_000n)
  const stranger = channelPayer(chain, 3, { payer: payer.account.address, salt: payer.configOf(entry).salt })
  const signed = (await stranger.refund(entry, 2_000n)).payload.voucher.signature
  const forged = { ...right, payload: { ...right.payload, voucher: { ...right.payload.voucher, signature: signed } } }
  expect(await codeOf(await get('/song?n=a', forged))).toEqual([402, 'proof_bad_signature'])
  expect(await codeOf(await get('/song?n=a', await channelPayer(chain, 2).refund(entry, 0n)))).toEqual([402, 'channel_refund_refused'])
  expect(await codeOf(await get('/song?n=a', await payer.refund(entry, 2_000n, 1n)))).toEqual([402, 'channel_refund_refused'])
  expect(await codeOf(await get('/song?n=a', await payer.refund(entry, 2_000n, 0n)))).toEqual([400, 'proof_malformed'])
  expect(await sentBy()).toBe(sent)
  expect(await claimNow()).toHaveLength(1)
  const state = await onChain(chain, payer.idOf(entry))
  expect(await codeOf(await get('/song?n=a', right))).toEqual([402, 'channel_refund_refused'])
  expect(await onChain(chain, payer.idOf(entry))).toEqual(state)
  expect((await get('/song?n=more', await payer.voucher(entry, 4_000n))).status).toBe(200)
  expect((await get('/song?n=a', await payer.refund(entry, 4_000n))).status).toBe(200)
}, 60_000)

test('while its work runs it is not paid back, and while it is paid back it pays for nothing', async () => {
  const payer = await opened(4)
  let end = () => {}
  gate = new Promise((resolve) => {
    end = resolve
  })
  const { books } = yard.gateway().ledger
  const path = `x402:${evmRail(chain.chainId)}:${payer.idOf(entry)}`
  const running = get('/song?n=slow', await payer.voucher(entry, 4_000n))
  await expect.poll(() => books.balance(path, yard.gateway().ground.bookAsset).debitsPending, WAIT).toBe(2_000n)
  expect(await codeOf(await get('/song?n=back', await payer.refund(entry, 2_000n)))).toEqual([409, 'request_in_progress'])
  end()
  expect((await running).status).toBe(200)
  await rpc(chain.rpcUrl, 'evm_setAutomine', [false])
  const has = await tokenBalance(chain, payer.account.address)
  const refund = await payer.refund(entry, 4_000n)
  const cut = get('/song?n=back', refund).catch(() => undefined)
  const pending = async () => (await rpc(chain.rpcUrl, 'eth_getBlockByNumber', ['pending', false])) as { transactions: Hex[] }
  await expect.poll(async () => (await pending()).transactions.length, WAIT).toBe(1)
  await yard.down()
  await app.close()
  await cut
  await yard.up()
  await open()
  expect(await codeOf(await get('/song?n=next', await payer.voucher(entry, 6_000n)))).toEqual([409, 'request_in_progress'])
  await rpc(chain.rpcUrl, 'evm_setAutomine', [true])
  await rpc(chain.rpcUrl, 'hardhat_mine', ['0x1'])
  const again = await get('/song?n=back', refund)
  expect([again.status, said(again).amount]).toEqual([200, `${DEPOSIT - 4_000n}`])
  expect(await tokenBalance(chain, payer.account.address)).toBe(has + DEPOSIT - 4_000n)
  expect(await codeOf(await get('/song?n=next', await payer.voucher(entry, 6_000n)))).toEqual([402, 'voucher_over_deposit'])
}, 90_000)

test('who has only what a claim or a refund has shown keeps nobody waiting who pays', async () => {
  const payer = await opened(5)
  expect(await claimNow()).toHaveLength(1)
  const flooded = async (word: object, payment: object) => {
    const flood = Array.from({ length: 150 }, () => get('/song?n=flood', word))
    await Promise.any(flood)
    const paid = await get('/song?n=paid', payment)
    return [paid.status, ...(await Promise.all(flood)).map(({ status }) => status)]
  }
  const [served, ...refused] = await flooded(await payer.refund(entry, 2_000n), await payer.voucher(entry, 4_000n))
  expect([served, refused.includes(200)]).toEqual([200, false])
  const back = await payer.refund(entry, 4_000n, 1_000_000n)
  // The flood came from the same network, of which so many questions a second are put to the chain.
  await expect.poll(async () => (await get('/song?n=back', back)).status, WAIT).toBe(200)
  const [anew, ...told] = await flooded(back, await payer.voucher(entry, 6_000n))
  expect([anew, new Set(told)]).toEqual([200, new Set([200])])
}, 60_000)
