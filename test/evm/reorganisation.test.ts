import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { receiverAddress } from '../../adapters/evm/node/offers.ts'
import { SettlementHub } from '../../contracts/abi/SettlementHub.ts'
import { newApp } from '../../gateway/api/app.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { USD } from '../../gateway/money/asset.ts'
import { money, parseAmount } from '../../gateway/money/money.ts'
import type { Split } from '../../gateway/parties/party/splits.ts'
import type { Hex, PartyId } from '../../gateway/ports/ids.ts'
import { type AnvilChain, startAnvil } from './anvilChain.ts'
import { type GatewayOnChain, startGateway } from './gatewayOnChain.ts'
import { random32, relay, signReceive, signTransfer, transfer, walletOf } from './payer.ts'
import { tokenBalance } from './railOnChain.ts'
import { x402Pay } from './x402Pay.ts'

// A whole gateway with its books on a chain that can replace blocks deeper than the policy's finality, which is one block on top.
const DEPTH = 1
/** Deeper than what is final, by far. */
const DEEP = 5
const RAIL = 'evm:31337'
const WAIT = { timeout: 15_000, interval: 25 }

let chain: AnvilChain
let yard: GatewayOnChain
let snapshot: unknown

beforeAll(async () => {
  chain = await startAnvil()
})
afterAll(() => chain?.stop())
beforeEach(async () => {
  snapshot = await chain.call('evm_snapshot')
  await chain.mine(3)
  yard = await startGateway(chain, { depth: DEPTH })
  // Everything that a test replaces is above what the gateway opened with.
  await chain.mine(DEEP + 3)
})
afterEach(async () => {
  await yard?.close()
  await chain.call('evm_setAutomine', [true])
  await chain.call('evm_revert', [snapshot])
})

const pause = (on: boolean) => chain.call('evm_setAutomine', [!on])
const final = () => chain.mine(DEPTH)
const asset = () => yard.gateway().ground.bookAsset
const exceptions = () => yard.gateway().payins.settlements.exceptions()
const verified = async () => (await yard.gateway().audit.verify()).ok
const receiverOf = (split: Split) => receiverAddress(chain.hub.toLowerCase() as Hex, split.splitId) // lower-casing keeps the 0x.
/** Waits until a transaction that names this address can be mined. */
const inPool = (address: Hex) =>
  expect.poll(async () => JSON.stringify(await chain.call('txpool_content')), WAIT).toContain(address.slice(2).toLowerCase())
/** Waits until the books say so. */
const booked = (path: string, units: bigint) => expect.poll(() => yard.credit(path), WAIT).toBe(units)

async function houseOf(name: string): Promise<{ id: PartyId; path: string; payTo: Hex }> {
  const party = await yard.party(name)
  return { ...party, payTo: receiverOf(await yard.gateway().parties.splits.house(party.id)) }
}

async function table(): Promise<{ split: Split; share: (i: number) => string }> {
  const payees = await Promise.all(
    [3n, 1n].map(async (shares, i) => ({ party: (await yard.party(`payee ${i}`)).id, account: chain.customers[4 + i]!.address, shares })),
  )
  const split = await yard.gateway().parties.splits.create({ payees, label: random32() })
  return { split, share: (i) => accounts.share(split.splitId, payees[i]!.account) }
}

/** A customer pays the table by signature, which the gateway carries to the hub. */
async function payTable(split: Split, value: bigint): Promise<void> {
  const authorization = await signReceive(chain, { customer: 0, splitId: split.splitId, ref: random32(), value })
  const outcome = yard.gateway().payins.chains[0]!.collect(random32(), authorization, { signal: AbortSignal.timeout(15_000) })
  await expect.poll(() => tokenBalance(chain, chain.hub), WAIT).toBeGreaterThan(0n)
  await final()
  expect(await outcome).toMatchObject({ kind: 'settled' })
}

describe('a reorganisation below the finality depth', () => {
  test('that drops a payment is compensated and raised, and the rail agrees with the books again', async () => {
    const { path, payTo } = await houseOf('seller')
    await transfer(chain, 1, payTo, 700n)
    await final()
    await booked(path, 700n)
    await chain.reorg(DEEP)
    await booked(path, 0n)
    expect(exceptions()).toEqual([
      expect.objectContaining({ rail: RAIL, amount: '0.0007', asset: 'USDC', what: expect.stringMatching(/replaced.*taken back/) }),
    ])
    expect(await verified()).toBe(true)
  })

  test('that puts the payment into another block books it again, once, under a new settlement', async () => {
    const { path, payTo } = await houseOf('seller')
    const hash = await transfer(chain, 1, payTo, 700n)
    const raw = await chain.call('eth_getRawTransactionByHash', [hash])
    await final()
    await booked(path, 700n)
    await chain.reorg(DEEP)
    await booked(path, 0n)
    await chain.call('eth_sendRawTransaction', [raw])
    await final()
    await booked(path, 700n)
    const [exception] = exceptions()
    expect(exception?.resolved_by).toMatch(new RegExp(`^${RAIL}:received:${hash}:`))
    expect(exception?.resolved_by).not.toBe(exception?.id)
    expect(await verified()).toBe(true)
  })

  test('that drops a claim which the books have counted gives the share back, and takes it again when our transaction lands again', async () => {
    const { split, share } = await table()
    await payTable(split, 1001n)
    await booked(share(0), 750n)
    await chain.mine(DEEP)
    const claim = split.tree.share(0)
    const paid = yard.gateway().payins.chains[0]!.claim(random32(), claim)
    await expect.poll(() => tokenBalance(chain, chain.hub), WAIT).toBe(251n)
    await final()
    expect(await paid).toMatchObject({ kind: 'settled' })
    await booked(share(0), 0n)

    await pause(true)
    await chain.reorg(3)
    await booked(share(0), 750n)
    expect(exceptions()).toEqual([expect.objectContaining({ what: expect.stringMatching(/claimed/), amount: '0.00075' })])
    expect(exceptions()[0]?.resolved_by).toBeUndefined()
    expect(await verified()).toBe(true)

    // Nobody but us has the signed bytes: they are in the pool again without being asked for.
    await inPool(chain.hub)
    await chain.mine(1 + DEPTH)
    await booked(share(0), 0n)
    expect(exceptions()[0]?.resolved_by).toMatch(/claimed/)
    expect(await tokenBalance(chain, claim.account)).toBe(100_000_750n)
    expect(await verified()).toBe(true)
  })

  test('that drops the claim for payees in the books takes it from them, and gives it again when it lands again', async () => {
    const [writer, printer, reader] = await Promise.all(['writer', 'printer', 'reader'].map((name) => yard.party(name)))
    const account = chain.customers[4]!.address
    const payees = [
      { party: printer!.id, account, shares: 2n },
      { party: writer!.id, shares: 3n },
      { party: reader!.id, shares: 1n },
    ]
    const split = await yard.gateway().parties.splits.create({ payees, label: random32() })
    const ours = accounts.share(split.splitId, yard.gateway().parties.splits.operator)
    const books = () => [writer!, reader!].map(({ path }) => yard.credit(path))
    await payTable(split, 1001n)
    // floor(1001 * 4 / 6) of the row that the two have together; the contract owes it to the gateway's account.
    await booked(ours, 667n)
    expect([yard.credit(accounts.share(split.splitId, account)), ...books()]).toEqual([333n, 0n, 0n])
    expect(await verified()).toBe(true)
    await chain.mine(DEEP)
    const paid = yard.gateway().payins.chains[0]!.claim(random32(), split.tree.share(1))
    await expect.poll(() => tokenBalance(chain, chain.hub), WAIT).toBe(334n)
    await final()
    expect(await paid).toMatchObject({ kind: 'settled' })
    await booked(ours, 0n)
    expect(books()).toEqual([500n, 167n])
    expect(await verified()).toBe(true)

    await pause(true)
    await chain.reorg(3)
    await booked(ours, 667n)
    expect(books()).toEqual([0n, 0n])
    expect(await verified()).toBe(true)
    await inPool(chain.hub)
    await chain.mine(1 + DEPTH)
    await booked(ours, 0n)
    expect(books()).toEqual([500n, 167n])
    expect(await verified()).toBe(true)
  })

  test('that changes the order of payments into a pot leaves every share as the contract reckons it', async () => {
    const { split, share } = await table()
    const raw = []
    for (const [i, value] of [7n, 6n, 9n].entries()) {
      const authorization = await signReceive(chain, { customer: 0, splitId: split.splitId, ref: random32(), value })
      raw.push(await payHub(authorization, 1 + i))
    }
    await final()
    // floor(22 * 3 / 4) and floor(22 / 4); dust keeps 1.
    await booked(share(0), 16n)
    await chain.reorg(DEEP)
    await booked(share(0), 0n)
    await pause(true)
    for (const transaction of [raw[2], raw[0]]) await chain.call('eth_sendRawTransaction', [transaction])
    await chain.mine(1 + DEPTH)
    await booked(share(0), 12n)
    expect(yard.credit(share(1))).toBe(4n)
    await chain.call('eth_sendRawTransaction', [raw[1]])
    await chain.mine(1 + DEPTH)
    await booked(share(0), 16n)
    expect(yard.credit(share(1))).toBe(5n)
    expect(await verified()).toBe(true)
  })

  test('whose money was spent is listed with the amount that the books hold too much, and ends when the payment lands again', async () => {
    const { path, payTo } = await houseOf('seller')
    const other = await yard.party('other')
    const hash = await transfer(chain, 1, payTo, 700n)
    const raw = await chain.call('eth_getRawTransactionByHash', [hash])
    await final()
    await booked(path, 700n)
    const { books } = yard.gateway().ledger
    const { ids } = yard.gateway().ground
    const spent = { kind: 'move', debit: path, credit: other.path, asset: asset(), units: 300n } as const
    await books.submit({ entry: { id: ids.entry(), payment: 'spent', legs: [spent] } })
    await chain.reorg(DEEP)
    await expect.poll(() => exceptions().length, WAIT).toBe(1)
    expect(exceptions()[0]).toMatchObject({ amount: '0.0007', what: expect.stringMatching(/could not be taken back \(exceeds_credits\)/) })
    expect([yard.credit(path), yard.credit(other.path)]).toEqual([400n, 300n])
    expect((await yard.gateway().audit.verify()).rails.find(({ account }) => account.endsWith(':receiver'))?.verdict).toBe('break')

    await chain.call('eth_sendRawTransaction', [raw])
    await final()
    await expect.poll(() => exceptions()[0]?.resolved_by, WAIT).toMatch(/received/)
    expect([yard.credit(path), yard.credit(other.path)]).toEqual([400n, 300n])
    expect(await verified()).toBe(true)
  })

  test('below the cursor while the gateway is down is found and compensated at the next start', async () => {
    const { path, payTo } = await houseOf('seller')
    const kept = await transfer(chain, 2, payTo, 50n)
    const lost = await transfer(chain, 1, payTo, 700n)
    const raw = await chain.call('eth_getRawTransactionByHash', [kept])
    await final()
    await booked(path, 750n)
    await yard.down()
    await chain.reorg(DEEP)
    await chain.call('eth_sendRawTransaction', [raw])
    await chain.mine(DEEP)
    await yard.up()
    const ends = () => exceptions().map(({ id, resolved_by }) => [id.split(':')[3], resolved_by === undefined])
    await expect.poll(ends, WAIT).toEqual([
      [lost, true],
      [kept, false],
    ])
    expect(yard.credit(path)).toBe(50n)
    expect(await verified()).toBe(true)
  })

  test('that is cut off by a restart in the middle of taking back is finished by the next run, once', async () => {
    const { path, payTo } = await houseOf('seller')
    for (let i = 0; i < 6; i++) await transfer(chain, i, payTo, 100n + BigInt(i))
    await final()
    await booked(path, 615n)
    await chain.reorg(DEEP + 3)
    await expect.poll(() => exceptions().length, { ...WAIT, interval: 1 }).toBeGreaterThan(0)
    await yard.down()
    await yard.up()
    await booked(path, 0n)
    expect(exceptions()).toHaveLength(6)
    expect(await verified()).toBe(true)
  })

  test('that drops what a stranger carried for a payer lets us carry it', async () => {
    const { path, payTo } = await houseOf('seller')
    const authorization = await signTransfer(chain, { customer: 0, to: payTo, value: 90n })
    await relay(chain, 3, authorization)
    const outcome = yard.gateway().payins.chains[0]!.collect(random32(), authorization, { signal: AbortSignal.timeout(15_000) })
    await final()
    expect(await outcome).toMatchObject({ kind: 'settled', fee: { units: 0n } })
    await booked(path, 90n)
    await chain.reorg(DEEP)
    await expect.poll(() => tokenBalance(chain, payTo), WAIT).toBe(90n)
    await final()
    await expect.poll(() => exceptions()[0]?.resolved_by, WAIT).toMatch(/received/)
    expect(yard.credit(path)).toBe(90n)
    expect(await verified()).toBe(true)
  })

  test('that drops what paid a request takes it from the payee, and gives it again when our transaction lands again', async () => {
    const { path, id, payTo } = await houseOf('seller')
    const app = newApp({ publicUrl: 'http://localhost' })
    onTestFinished(() => app.close())
    paidRoutes(app, yard.gateway(), { publicUrl: () => 'http://127.0.0.1:1' })
    app.get('/page', { config: { price: parseAmount('0.002', USD), payee: id } }, async () => 'a page')
    expect(await x402Pay(app, chain, { url: '/page', customer: 0 })).toMatchObject({ statusCode: 200, body: 'a page' })
    await expect.poll(() => tokenBalance(chain, payTo), WAIT).toBe(2_000n)
    await final()
    await booked(path, 2_000n)
    await pause(true)
    await chain.reorg(DEEP)
    await booked(path, 0n)
    expect(exceptions()).toEqual([expect.objectContaining({ amount: '0.002', what: expect.stringMatching(/received/) })])
    await inPool(payTo)
    await chain.mine(1 + DEPTH)
    await booked(path, 2_000n)
    expect(exceptions()[0]?.resolved_by).toMatch(/received/)
    expect(await verified()).toBe(true)
  })

  test('that drops a payout sends the same signed bytes again: the payee is paid once', async () => {
    const { path, payTo, id } = await houseOf('seller')
    await transfer(chain, 1, payTo, 5_000n)
    await final()
    await booked(path, 5_000n)
    await chain.mine(DEEP)
    const address: Hex = `0x${'5a'.repeat(20)}`
    const payout = await yard.gateway().payouts.payouts.create({
      source: accounts.party(id),
      amount: money(asset(), 1_200n),
      destinations: [{ kind: 'evm_address', address }],
      reference: 'r',
      createdBy: 'test',
    })
    await expect.poll(() => tokenBalance(chain, address), WAIT).toBe(1_200n)
    await final()
    await expect.poll(() => yard.gateway().payouts.payouts.get(payout.id).status, WAIT).toBe('settled')

    await pause(true)
    await chain.reorg(3)
    await expect.poll(() => tokenBalance(chain, address), WAIT).toBe(0n)
    await expect
      .poll(async () => (await yard.gateway().audit.verify()).rails.find((r) => r.account.endsWith(':wallet'))?.in_flight, WAIT)
      .toEqual([{ what: expect.stringMatching(/sent again after a reorganisation/), amount: '-0.0012' }])
    await inPool(address)
    await chain.mine(1 + DEPTH)
    await expect.poll(verified, { timeout: 20_000 }).toBe(true)
    expect(await tokenBalance(chain, address)).toBe(1_200n)
  })
})

/** A customer of its own carries each, so that they can be mined in any order. */
async function payHub(authorization: Awaited<ReturnType<typeof signReceive>>, customer: number): Promise<unknown> {
  const { from, value, validAfter, validBefore, signature } = authorization
  const hash = await walletOf(chain, customer).writeContract({
    address: chain.hub,
    abi: SettlementHub.abi,
    functionName: 'pay',
    args: [chain.token, { splitId: authorization.splitId!, ref: authorization.ref!, from, value, validAfter, validBefore, signature }],
  })
  return chain.call('eth_getRawTransactionByHash', [hash])
}
