import { Address, OutScript } from '@scure/btc-signer'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { verb } from '../../app/cli/lightning.ts'
import { trialBalanceOf } from './trialBalance.ts'
import { control, partyWith, startYard, until as untilWithin, type Verification, type Yard } from './yard.ts'

const REGTEST = { bech32: 'bcrt', pubKeyHash: 0x6f, scriptHash: 0xc4, wif: 0xef }
/** Each wait, on a machine that is busy with other things. */
const PATIENCE_MS = 60_000
const TEST_MS = 180_000
/** Blocks after which LDK, and so the wallet, takes a transaction for final. */
const FINAL = 6

let yard: Yard
beforeAll(async () => {
  yard = await startYard({ chains: 1 })
  await channelHome()
}, 180_000)
afterAll(() => yard?.close(), 30_000)

const until = <T>(what: string, ask: () => Promise<T | undefined | false>) => untilWithin(what, ask, PATIENCE_MS)

type Withdrawal = { id: string; status: string; transaction: string | null; confirmations: number; amount_sat: string; fee_sat: string }
type Block = { height: number; txs: string[] }
const path = '/v1/lightning/withdrawals'

/** Nobody's output, another for each number. */
const outputOf = (n: number) => ({ type: 'wpkh', hash: new Uint8Array(20).fill(n) }) as const
const addressOf = (n: number) => Address(REGTEST).encode(outputOf(n))

const heightOf = async () => (await yard.call<{ height: number }>('GET', '/v1/lightning')).body.height
/** Mines, and waits until the node has seen it: what the blocks make it send is in the next. */
async function mine(n: number): Promise<void> {
  const { height } = await control<{ height: number }>(yard.world.lightning.chainUrl, '/mine', { n })
  await until('the node at the tip', async () => (await heightOf()) >= height)
}
async function ledgerOf(account: string): Promise<bigint> {
  const rows = await trialBalanceOf<{ account: string; asset: string; debits: string; credits: string }>(yard)
  const row = rows.find((b) => b.account === account && b.asset === 'BTC')
  return row ? BigInt(row.debits) - BigInt(row.credits) : 0n
}
const walletSat = async () => (await ledgerOf('rail:lightning:wallet')) / 1_000n

/** The one channel is closed, and what it held is in the wallet. */
async function channelHome(): Promise<void> {
  const { body } = await yard.call<{ node_id: string }>('GET', '/v1/lightning')
  await control(yard.world.lightning.controlUrl, '/close', { nodeId: body.node_id, force: true })
  await until('the close', async () => (await ledgerOf('rail:lightning:closing')) > 0n)
  // A sweep is sent when the close is final, and is final itself as many blocks later.
  await until('the money in the wallet', async () => {
    await mine(1)
    return (await walletSat()) > 0n
  })
  await agreed()
}

/** Waits until every place of the node equals the ledger. */
const agreed = () =>
  until('agreement', async () => {
    const { body } = await yard.call<Verification>('GET', '/v1/verify')
    const rows = body.rails.filter(({ account }) => account.startsWith('rail:lightning:'))
    return body.ok && rows.length === 3 && rows.every(({ verdict }) => verdict === 'equal')
  })

/** How many outputs of the chain pay the address. */
async function paidTo(n: number): Promise<number> {
  const script = Buffer.from(OutScript.encode(outputOf(n))).toString('hex')
  let found = 0
  for (let after = -1; ; ) {
    const { blocks } = await control<{ blocks: Block[] }>(yard.world.lightning.chainUrl, `/blocks?after=${after}`)
    const last = blocks.at(-1)
    if (!last) return found
    found += blocks.flatMap(({ txs }) => txs).filter((tx) => tx.includes(script)).length
    after = last.height
  }
}
const view = async (id: string) => (await yard.call<Withdrawal>('GET', `${path}/${id}`)).body
const withdraw = (body: object, key = crypto.randomUUID() as string) =>
  yard.call<Withdrawal & { code?: string; meta?: object }>('POST', path, { body, headers: { 'idempotency-key': key } })

/** The world mines what waits; the rest of the blocks is asked for. */
async function settled(id: string): Promise<Withdrawal> {
  await until('the transaction in a block', async () => {
    const { confirmations, status } = await view(id)
    return confirmations > 0 || status === 'settled'
  })
  await mine(FINAL)
  return until('the withdrawal settled', async () => {
    const now = await view(id)
    return now.status === 'settled' && now
  })
}

async function lightning(...words: string[]): Promise<{ code: number; printed: string }> {
  let printed = ''
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => {
    printed += `${line}\n`
  })
  try {
    return { code: await verb.run([...words, '--url', yard.url(), '--key', yard.key]), printed }
  } finally {
    log.mockRestore()
  }
}

test.each([
  ['an address of another network', { address: 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', amount_sat: '10000' }, 400, 'invalid_request'],
  ['no address', { address: 'somewhere-else', amount_sat: '10000' }, 400, 'invalid_request'],
  ['dust', { address: addressOf(1), amount_sat: '293' }, 400, 'invalid_amount'],
  ['a part of a satoshi', { address: addressOf(1), amount_sat: '1.5' }, 400, 'invalid_request'],
  ['more than there is', { address: addressOf(1), amount_sat: '100000000' }, 402, 'insufficient_balance'],
  ['a fee above its limit', { address: addressOf(1), amount_sat: '10000', fee_rate: '20' }, 422, 'fee_above_limit'],
  ['a fee above the limit that was given', { address: addressOf(1), amount_sat: '1000000', max_fee_sat: '1' }, 422, 'fee_above_limit'],
  ['a fee rate of nothing', { address: addressOf(1), amount_sat: '10000', fee_rate: '0' }, 400, 'invalid_request'],
])('%s is refused, and nothing moves', async (_, body, status, code) => {
  const before = await walletSat()
  expect(await withdraw(body)).toMatchObject({ status, body: { code } })
  expect((await yard.call<{ data: unknown[] }>('GET', path)).body.data).toEqual([])
  expect([await walletSat(), await paidTo(1)]).toEqual([before, 0])
})

test(
  'is for the operator alone, and never without an idempotency key',
  async () => {
    const { key } = await partyWith(yard, { name: 'curious' })
    const body = { address: addressOf(1), amount_sat: '10000' }
    expect((await yard.call('POST', path, { key, body })).status).toBe(403)
    expect((await yard.call('GET', path, { key })).status).toBe(403)
    expect(await withdraw(body, '')).toMatchObject({ status: 400, body: { code: 'idempotency_key_missing' } })
  },
  TEST_MS,
)

test(
  'the command sends the money, and asked again with its key it sends nothing more',
  async () => {
    const [wallet, fees, owned] = [await walletSat(), await ledgerOf('fee:paid:lightning'), await ledgerOf('fx:BTC/USDC')]
    const words = ['withdraw', addressOf(2), '1000000', '--fee-rate', '3', '--id', 'first-withdrawal']
    const { code, printed } = await lightning(...words)
    expect({ code, printed }).toEqual({
      code: 0,
      printed: expect.stringMatching(/1000000 sat to bcrt1\S+, fee 423 sat\ntransaction [0-9a-f]{64} \(/),
    })
    const id = /wd_[0-9a-f]+/.exec(printed)![0]
    expect((await lightning(...words, '--json')).printed).toContain(id)
    await expect(lightning('withdraw', addressOf(2), '1000001', '--id', 'first-withdrawal')).rejects.toThrow('answered 422')
    // Until it is final the books still have it, and name it.
    expect(await settled(id)).toMatchObject({ amount_sat: '1000000', fee_sat: '423', transaction: expect.stringMatching(/^[0-9a-f]{64}$/) })
    await agreed()
    expect(await walletSat()).toBe(wallet - 1_000_423n)
    expect(await ledgerOf('fee:paid:lightning')).toBe(fees + 423_000n)
    expect(await ledgerOf('fx:BTC/USDC')).toBe(owned + 1_000_000_000n)
    expect(await paidTo(2)).toBe(1)
  },
  TEST_MS,
)

test(
  'a gateway that is killed right after it promised finds the withdrawal again, and sends it once',
  async () => {
    const wallet = await walletSat()
    const made = await withdraw({ address: addressOf(3), amount_sat: '500000' })
    expect(made).toMatchObject({ status: 201, body: { status: 'begun' } })
    await yard.kill()
    await yard.start()
    expect(await settled(made.body.id)).toMatchObject({ amount_sat: '500000' })
    await agreed()
    expect([await paidTo(3), await walletSat()]).toEqual([1, wallet - 500_000n - BigInt(made.body.fee_sat)])
  },
  TEST_MS,
)

test(
  'all of it empties the wallet, and what is on its way can not be sent again',
  async () => {
    const wallet = await walletSat()
    const made = await withdraw({ address: addressOf(4), amount_sat: 'all' })
    expect(made.status).toBe(201)
    expect(BigInt(made.body.amount_sat) + BigInt(made.body.fee_sat)).toBe(wallet)
    await until('the transaction', async () => (await view(made.body.id)).transaction !== null)
    expect(await withdraw({ address: addressOf(4), amount_sat: 'all' })).toMatchObject({
      status: 402,
      body: { code: 'insufficient_balance' },
    })
    expect((await lightning('status')).printed).toMatch(/^on chain {3}[\d ]+ sat(, [\d ]+ sat of it on their way out)?$/m)
    await settled(made.body.id)
    await agreed()
    expect([await walletSat(), await paidTo(4)]).toEqual([0n, 1])
  },
  TEST_MS,
)

test(
  'a channel that is opened later with money on our side is booked as the operator’s',
  async () => {
    const owned = await ledgerOf('fx:BTC/USDC')
    const { body } = await yard.call<{ node_id: string }>('GET', '/v1/lightning')
    const channel = { nodeId: body.node_id, capacitySat: 4_000_000, pushSat: 1_500_000 }
    await control(yard.world.lightning.controlUrl, '/channel', channel)
    await until('the money at the node', async () => (await ledgerOf('rail:lightning:node')) > 0n)
    await agreed()
    expect(await ledgerOf('rail:lightning:node')).toBe(1_500_000_000n)
    expect(await ledgerOf('fx:BTC/USDC')).toBe(owned - 1_500_000_000n)
    // What a payer sends is counted as received; this is not.
    const shown = await yard.call<{ received_last_day: { count: number } }>('GET', '/v1/lightning')
    expect(shown.body.received_last_day.count).toBe(0)
  },
  TEST_MS,
)
