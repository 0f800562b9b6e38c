import type { FastifyInstance } from 'fastify'
import { createWalletClient, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { TestBatchSettlement } from '../../contracts/abi/TestBatchSettlement.ts'
import { newApp } from '../../gateway/api/app.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import { paymentRoutes } from '../../gateway/api/routes/payments.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import type { Hex, PartyId } from '../../gateway/ports/ids.ts'
import { evmRail } from '../../gateway/ports/railName.ts'
import { BATCH_SETTLEMENT } from '../../gateway/ports/x402Channels.ts'
import { usd } from '../../gateway/seller/price.ts'
import { rpc } from './chainProcess.ts'
import { type GatewayOnChain, startGateway } from './gatewayOnChain.ts'
import { mined } from './payer.ts'
import { type QuietChain, startQuietChain } from './quietChain.ts'
import { tokenBalance } from './railOnChain.ts'
import { type ChannelEntry, channelEntry, channelPayer, onChain, paying } from './x402Payer.ts'

// Payments by channels of x402: what a channel owes, its claims, and that the books and the chain agree to the unit whatever happens in between.
const WAIT = { timeout: 30_000, interval: 50 }
const DEPOSIT = 3_000_000n
let chain: QuietChain
let yard: GatewayOnChain
let app: FastifyInstance
let url: string
let seller: Readonly<{ id: PartyId; path: string }>
let entry: ChannelEntry
let served = 0
let gate: Promise<void> | undefined

beforeAll(async () => {
  chain = await startQuietChain()
  yard = await startGateway(chain, { depth: 0 }, {}, { batchSettlement: { withdrawDelayS: 900 } })
  seller = await yard.party('seller')
  await open()
  entry = (await channelEntry(`${url}/song?n=0`))!
}, 60_000)

/** The seller's routes, in the gateway that runs now. */
async function open(): Promise<void> {
  app = newApp({ publicUrl: 'http://localhost' })
  paidRoutes(app, yard.gateway(), { publicUrl: () => 'http://127.0.0.1:1' })
  app.register(paymentRoutes(yard.gateway()))
  const sold = { config: { price: usd('0.002'), payee: seller.id } }
  app.get<{ Querystring: { n: string } }>('/song', sold, async ({ query }) => {
    await gate
    return { song: query.n, served: ++served }
  })
  app.get('/broken', sold, async (_, reply) => {
    const answer = { served: ++served }
    await gate
    return reply.code(500).send(answer)
  })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
}

async function restart(): Promise<void> {
  await yard.down()
  await app.close()
  await yard.up()
  await open()
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
const claimNow = async () => {
  const { payins, parties } = yard.gateway()
  const { splitId } = await parties.splits.house(seller.id)
  return payins.x402Channels.claim(evmRail(chain.chainId), splitId)
}
/** What the books say is owed to the seller and has not come. */
const owed = async () => {
  const { splitId } = await yard.gateway().parties.splits.house(seller.id)
  return yard.credit(`charged:${evmRail(chain.chainId)}:${splitId}`)
}
const verified = async () => (await yard.gateway().audit.verify()).ok
/** A channel with a deposit that has paid once. */
async function opened(customer: number) {
  const payer = channelPayer(chain, customer)
  const first = await get('/song?n=first', await payer.deposit(entry, DEPOSIT, 2_000n))
  expect(first.status).toBe(200)
  return payer
}
const statusOf = async ({ headers }: Response) =>
  ((await (await fetch(`${url}/v1/payments/${headers.get('switchyard-receipt')}`)).json()) as { status: string }).status

test('a channel that owes is claimed into the split of its seller, and books and chain agree to the unit', async () => {
  const [credit, before] = [yard.credit(seller.path), await tokenBalance(chain, entry.payTo)]
  const payer = await opened(1)
  for (const sum of [4_000n, 6_000n]) expect((await get(`/song?n=${sum}`, await payer.voucher(entry, sum))).status).toBe(200)
  expect([await owed(), yard.credit(seller.path) - credit]).toEqual([6_000n, 0n])
  expect(await onChain(chain, payer.idOf(entry))).toEqual([DEPOSIT, 0n])
  expect(await claimNow()).toMatchObject([{ rows: 1, value: { units: 6_000n }, outcome: { kind: 'settled' } }])
  expect(await onChain(chain, payer.idOf(entry))).toEqual([DEPOSIT, 6_000n])
  await expect.poll(() => yard.credit(seller.path) - credit, WAIT).toBe(6_000n)
  expect([await owed(), (await tokenBalance(chain, entry.payTo)) - before]).toEqual([0n, 6_000n])
  expect([await claimNow(), await verified()]).toEqual([[], true])
}, 60_000)

test('a voucher that comes again gets its answer and pays nothing more; for another request it is told the next sum', async () => {
  const payer = await opened(1)
  const voucher = await payer.voucher(entry, 4_000n)
  const once = await get('/song?n=once', voucher)
  const [runs, due] = [served, await owed()]
  const again = await get('/song?n=once', voucher)
  expect([again.status, await again.text(), served, await owed()]).toEqual([200, await once.text(), runs, due])
  const other = await get('/song?n=other', voucher)
  const required = JSON.parse(Buffer.from(other.headers.get('payment-required')!, 'base64').toString())
  expect([other.status, required.error, served]).toEqual([402, 'invalid_batch_settlement_evm_cumulative_amount_mismatch', runs])
  const { extra } = required.accepts.find(({ scheme }: ChannelEntry) => scheme === 'batch-settlement')
  expect(extra).toMatchObject({
    channelState: { channelId: payer.idOf(entry), balance: `${DEPOSIT}`, totalClaimed: '0', chargedCumulativeAmount: '4000' },
    voucherState: { signedMaxClaimable: '4000', signature: voucher.payload.voucher.signature },
  })
  expect((await get('/song?n=other', await payer.voucher(entry, 6_000n))).status).toBe(200)
}, 60_000)

test('work that failed is not owed, and the same voucher pays the next try', async () => {
  const payer = await opened(1)
  const due = await owed()
  const voucher = await payer.voucher(entry, 4_000n)
  const failed = await get('/broken', voucher)
  expect([failed.status, await statusOf(failed), await owed()]).toEqual([500, 'failed', due])
  const runs = served
  expect([(await get('/broken', voucher)).status, served]).toEqual([500, runs + 1])
  const good = await get('/song?n=good', voucher)
  expect([good.status, await statusOf(good), (await owed()) - due]).toEqual([200, 'held', 2_000n])
}, 60_000)

test('more work at once than vouchers are remembered, all of which fails, leaves a channel that pays', async () => {
  const payer = await opened(0)
  let end = () => {}
  gate = new Promise((resolve) => {
    end = resolve
  })
  const all: Promise<Response>[] = []
  for (let n = 1; n <= 65; n++) {
    const runs = served
    all.push(get(`/broken?n=${n}`, await payer.voucher(entry, 2_000n + 2_000n * BigInt(n))))
    await expect.poll(() => served, { ...WAIT, interval: 5 }).toBe(runs + 1)
  }
  end()
  expect(new Set((await Promise.all(all)).map(({ status }) => status))).toEqual(new Set([500]))
  gate = undefined
  const due = await owed()
  expect((await get('/song?n=at last', await payer.voucher(entry, 4_000n))).status).toBe(200)
  expect((await owed()) - due).toBe(2_000n)
}, 60_000)

test('a gateway that is killed over a deposit finds it when the same request comes again', async () => {
  const payer = channelPayer(chain, 3)
  const [runs, has] = [served, await tokenBalance(chain, payer.account.address)]
  await rpc(chain.rpcUrl, 'evm_setAutomine', [false])
  const payment = await payer.deposit(entry, DEPOSIT, 2_000n)
  const cut = get('/song?n=cut', payment).catch(() => undefined)
  await expect
    .poll(
      async () => ((await rpc(chain.rpcUrl, 'eth_getBlockByNumber', ['pending', false])) as { transactions: Hex[] }).transactions.length,
      WAIT,
    )
    .toBe(1)
  await restart()
  await cut
  expect(served).toBe(runs)
  await rpc(chain.rpcUrl, 'evm_setAutomine', [true])
  await rpc(chain.rpcUrl, 'hardhat_mine', ['0x1'])
  await expect.poll(async () => (await get('/song?n=cut', payment)).status, WAIT).toBe(200)
  expect([served, has - (await tokenBalance(chain, payer.account.address))]).toEqual([runs + 1, DEPOSIT])
  expect((await get('/song?n=next', await payer.voucher(entry, 4_000n))).status).toBe(200)
}, 90_000)

test('after a restart a channel goes on where it was, and what ran then is not owed', async () => {
  const payer = await opened(4)
  const due = await owed()
  let end = () => {}
  gate = new Promise((resolve) => {
    end = resolve
  })
  const cut = get('/song?n=cut', await payer.voucher(entry, 4_000n)).catch(() => undefined)
  const { ledger, ground } = yard.gateway()
  const path = accounts.x402(evmRail(chain.chainId), payer.idOf(entry))
  await expect.poll(() => ledger.books.balance(path, ground.bookAsset).debitsPending, WAIT).toBe(2_000n)
  const old = app
  await yard.down()
  end()
  await old.close()
  await cut
  await yard.up()
  await open()
  gate = undefined
  expect(await owed()).toBe(due)
  // No claim has shown that voucher, so it pays for another try.
  expect((await get('/song?n=again', await payer.voucher(entry, 4_000n))).status).toBe(200)
  expect((await owed()) - due).toBe(2_000n)
}, 90_000)

test('a payer who asks for its money back is claimed from at once, and its vouchers are taken no more', async () => {
  const payer = await opened(2)
  const credit = yard.credit(seller.path)
  await payer.call(entry, 'initiateWithdraw', DEPOSIT - 2_000n)
  // By the rounds, long before it would be worth its gas.
  await expect.poll(async () => (await onChain(chain, payer.idOf(entry)))[1], WAIT).toBe(2_000n)
  await expect.poll(() => yard.credit(seller.path) - credit, WAIT).toBeGreaterThanOrEqual(2_000n)
  const runs = served
  const late = await get('/song?n=late', await payer.voucher(entry, 4_000n))
  expect([late.status, ((await late.json()) as { code: string }).code, served]).toEqual([409, 'channel_closing', runs])
  await rpc(chain.rpcUrl, 'evm_increaseTime', [901])
  await payer.call(entry, 'finalizeWithdraw', 0n)
  expect(await onChain(chain, payer.idOf(entry))).toEqual([2_000n, 2_000n])
  await expect.poll(verified, WAIT).toBe(true)
}, 90_000)

test('who has a voucher from the chain, where claims show it, learns of no other, and keeps no payer waiting', async () => {
  const payer = await opened(1)
  const shown = await payer.voucher(entry, 4_000n)
  expect((await get('/song?n=claimed', shown)).status).toBe(200)
  await claimNow()
  expect((await get('/broken', await payer.voucher(entry, 6_000n))).status).toBe(500)
  const strangers = await Promise.all([1, 2, 3, 4].map((n) => get(`/song?n=stranger${n}`, shown)))
  for (const answer of strangers) {
    const required = Buffer.from(answer.headers.get('payment-required')!, 'base64').toString()
    expect([answer.status, required.includes('"voucherState"')]).toEqual([402, false])
  }
  const begun = performance.now()
  expect((await get('/song?n=own', await payer.voucher(entry, 6_000n))).status).toBe(200)
  expect(performance.now() - begun).toBeLessThan(1_500)
}, 60_000)

test('a voucher that a claim shows buys nothing and tells of no newer one, also before its block; its payer signs a unit more', async () => {
  const payer = await opened(3)
  const voucher = await payer.voucher(entry, 4_000n)
  expect((await get('/broken', voucher)).status).toBe(500)
  await rpc(chain.rpcUrl, 'evm_setAutomine', [false])
  const claiming = claimNow()
  const pending = async () => (await rpc(chain.rpcUrl, 'eth_getBlockByNumber', ['pending', true])) as { transactions: { input: string }[] }
  // Whoever reads it has the sum and the signature.
  const isShown = async () =>
    (await pending()).transactions.some(({ input }) => input.includes(voucher.payload.voucher.signature.slice(2, -2)))
  await expect.poll(isShown, WAIT).toBe(true)
  const runs = served
  expect([(await get('/song?n=stranger', voucher)).status, served]).toEqual([402, runs])
  await rpc(chain.rpcUrl, 'evm_setAutomine', [true])
  await rpc(chain.rpcUrl, 'hardhat_mine', ['0x1'])
  await claiming
  const refused = await get('/song?n=own', voucher)
  const { accepts } = JSON.parse(Buffer.from(refused.headers.get('payment-required')!, 'base64').toString())
  const { extra } = accepts.find(({ scheme }: ChannelEntry) => scheme === 'batch-settlement')
  expect([refused.status, served]).toEqual([402, runs])
  // Proved to the payer, who signs what it has paid and the price.
  expect(extra).toMatchObject({ channelState: { chargedCumulativeAmount: '2001' }, voucherState: { signedMaxClaimable: '4000' } })
  const due = await owed()
  expect((await get('/broken', await payer.voucher(entry, 4_001n))).status).toBe(500)
  const told = await get('/song?n=stranger', voucher)
  expect([told.status, Buffer.from(told.headers.get('payment-required')!, 'base64').includes('voucherState')]).toEqual([402, false])
  expect((await get('/song?n=own', await payer.voucher(entry, 4_001n))).status).toBe(200)
  expect((await owed()) - due).toBe(2_000n)
  expect((await get('/song?n=next', await payer.voucher(entry, 6_000n))).status).toBe(200)
}, 60_000)

test('a payer who asks for its money back has no more taken of it', async () => {
  const payer = await opened(6)
  const has = await tokenBalance(chain, payer.account.address)
  await payer.call(entry, 'initiateWithdraw', DEPOSIT - 2_000n)
  const late = await get('/song?n=late', await payer.deposit(entry, DEPOSIT, 4_000n))
  expect([late.status, ((await late.json()) as { code: string }).code]).toEqual([409, 'channel_closing'])
  expect(await tokenBalance(chain, payer.account.address)).toBe(has)
}, 60_000)

test('what a payer took back while no gateway ran is said to be missing, until it is there again', async () => {
  const payer = await opened(7)
  const missing = () =>
    yard
      .gateway()
      .operations.problems()
      .filter(({ what }) => what === 'channel_overdrawn')
  expect(missing()).toEqual([])
  await yard.down()
  await app.close()
  await payer.call(entry, 'initiateWithdraw', DEPOSIT)
  await rpc(chain.rpcUrl, 'evm_increaseTime', [901])
  await payer.call(entry, 'finalizeWithdraw', 0n)
  await yard.up()
  await open()
  await expect.poll(missing, WAIT).toMatchObject([
    {
      rail: evmRail(chain.chainId),
      detail: expect.stringContaining(`0.002 USDC more than is in them; the first is ${payer.idOf(entry)}`),
    },
  ])
  expect((await get('/song?n=back', await payer.deposit(entry, DEPOSIT, 4_000n))).status).toBe(200)
  await claimNow()
  await expect.poll(missing, WAIT).toEqual([])
  expect(await onChain(chain, payer.idOf(entry))).toEqual([DEPOSIT, 4_000n])
}, 90_000)

// The last one, because the other program spends the operator's gas.
test('what another program with the same key has claimed is claimed once, and booked whole', async () => {
  const payer = await opened(5)
  const credit = yard.credit(seller.path)
  const due = await owed()
  const voucher = await payer.voucher(entry, 4_000n)
  expect((await get('/song?n=2', voucher)).status).toBe(200)
  const config = payer.configOf(entry)
  const { signature } = voucher.payload.voucher
  const claims = [{ voucher: { channel: config, maxClaimableAmount: 4_000n }, signature, totalClaimed: 4_000n }]
  const wallet = createWalletClient({ account: privateKeyToAccount(chain.operatorKey), chain: hardhat, transport: http(chain.rpcUrl) })
  const at = { address: BATCH_SETTLEMENT, abi: TestBatchSettlement.abi } as const
  await mined(chain, await wallet.writeContract({ ...at, functionName: 'claim', args: [claims] }))
  await mined(chain, await wallet.writeContract({ ...at, functionName: 'settle', args: [entry.payTo, entry.asset] }))
  await expect.poll(() => yard.credit(seller.path) - credit, WAIT).toBe(4_000n)
  expect(await owed()).toBe(due - 2_000n)
  await claimNow()
  expect(await onChain(chain, payer.idOf(entry))).toEqual([DEPOSIT, 4_000n])
  expect((await get('/song?n=3', await payer.voucher(entry, 6_000n))).status).toBe(200)
}, 90_000)
