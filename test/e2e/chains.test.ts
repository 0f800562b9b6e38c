import { createPublicClient, http } from 'viem'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ChainReady } from '../../world/chain/ready.ts'
import { rpc } from '../evm/chainProcess.ts'
import { type SilentProxy, startSilentProxy } from '../evm/silentProxy.ts'
import { signForHub } from './hubPayment.ts'
import { challengeOf, onlyChain, x402Payment } from './proofs.ts'
import {
  type Answer,
  balanceOf,
  control,
  type Json,
  partyWith,
  splitOnChains,
  startYard,
  units,
  until,
  verified,
  type Yard,
} from './yard.ts'

type Offer = {
  rail: string
  amount: { asset: string; amount: string }
  rail_cost: { amount: string }
  pay: { split_id: string; ref: string }
}
type Intent = { id: string; status: string; offers: Offer[]; paid: { rail: string } | null; surplus: { rail: string; reason: string }[] }
type Payout = { id: string; status: string; rail?: string; decision_id: string; evidence?: { id: string } }
type Candidate = { rail: string; rank?: number; terms?: { gas: string }; reason?: string }

const MAIN = 31337
const ROLLUP = 31338
/** Nothing was ever sent to it, so what it holds is what a test paid it. */
const PAYEE_ADDRESS = '0x00000000000000000000000000000000000c4a15'

let yard: Yard
let rollupNode: SilentProxy
beforeAll(async () => {
  const rpcVia = async (rpcUrl: string, chainId: number) => {
    if (chainId !== ROLLUP) return rpcUrl
    rollupNode = await startSilentProxy(rpcUrl)
    return rollupNode.url
  }
  yard = await startYard({ rpcVia })
}, 90_000)
afterAll(async () => {
  await yard?.close()
  await rollupNode?.close()
}, 30_000)

const chains = (): [string, ChainReady][] => yard.world.chains.map((chain) => [`evm:${chain.chainId}`, chain])
const intent = async (body: Json) => (await yard.call<Intent>('POST', '/v1/payment_intents', { body })).body
const intentNow = async (id: string) => (await yard.call<Intent>('GET', `/v1/payment_intents/${id}`)).body
const offerOn = (made: Intent, rail: string) => made.offers.find((o) => o.rail === rail)!

/** Hands over a signature for the intent's offer on `rail`, made for `chain`. */
async function payOn(made: Intent, o: { rail: string; chain: ChainReady; as?: string }): Promise<Answer> {
  const { amount, pay } = offerOn(made, o.rail)
  const { split_id: splitId, ref } = pay
  const authorization = await signForHub(o.chain, { customer: 1, value: units(amount.amount), splitId, ref })
  return yard.call('POST', `/v1/payment_intents/${made.id}/pay`, { body: { rail: o.as ?? o.rail, authorization } })
}

async function settled(id: string): Promise<Intent> {
  return until('settlement', async () => {
    const now = await intentNow(id)
    return now.status === 'settled' && now
  })
}

describe('a priced route', () => {
  test('offers each chain, the cheapest first, in every wire format that names a chain', async () => {
    const response = await fetch(yard.route())
    const { offers } = (await response.json()) as { offers: { rail: string; network?: string }[] }
    expect(offers.filter((o) => o.rail.startsWith('evm:')).map((o) => [o.rail, o.network])).toEqual([
      ['evm:31338', 'eip155:31338'],
      ['evm:31337', 'eip155:31337'],
    ])
    const { x402 } = await challengeOf(yard.route())
    expect(x402.accepts.map((a) => a.network)).toEqual(['eip155:31338', 'eip155:31337'])
    expect(response.headers.get('www-authenticate')!.match(/method="evm"/g)).toHaveLength(2)
    expect(response.headers.get('payment-required')!.length).toBeLessThan(2_900)
  })

  test.each([MAIN, ROLLUP])('is paid on chain %d, and the money is in the pot of that chain', async (chainId) => {
    const before = await splitOnChains(yard)
    const challenge = onlyChain(await challengeOf(yard.route()), chainId)
    const answer = await yard.call('GET', '/demo/joke', { key: null, headers: await x402Payment(yard, challenge, 0) })
    expect(answer.status).toBe(200)
    const id = answer.headers.get('switchyard-receipt')
    const receipt = await yard.call<{ receipt: Json }>('GET', `/v1/receipts/${id}`, { key: null })
    expect(receipt.body.receipt).toMatchObject({ rail: `evm:${chainId}`, paid: { amount: '0.002' } })
    const paid = before.map((b) => units(b.undivided) + (b.rail === `evm:${chainId}` ? 2_000n : 0n))
    await until('the collection', async () => {
      const now = await splitOnChains(yard)
      return now.every((chain, i) => units(chain.undivided) === paid[i])
    })
  })
})

describe('an intent', () => {
  test('has an offer on each chain, and what is paid on a second one is a surplus of that chain', async () => {
    const made = await intent({ amount: { asset: 'USD', amount: '0.40' }, split: yard.split(), rails: ['evm'] })
    expect(made.offers.map((o) => o.rail)).toEqual(['evm:31338', 'evm:31337'])
    const [first, second] = [offerOn(made, 'evm:31338'), offerOn(made, 'evm:31337')]
    expect(first.amount.asset).toBe(`eip155:31338/erc20:${yard.rollup.token.toLowerCase()}`)
    expect(second.amount.asset).toBe(`eip155:31337/erc20:${yard.chain.token.toLowerCase()}`)
    expect(units(first.rail_cost.amount)).toBeLessThan(units(second.rail_cost.amount))
    for (const [rail, chain] of chains()) expect(await payOn(made, { rail, chain })).toMatchObject({ status: 202 })
    expect((await settled(made.id)).paid?.rail).toBe('evm:31337')
    const over = await until('surplus', async () => {
      const now = await intentNow(made.id)
      return now.surplus.length > 0 && now
    })
    expect(over.surplus).toMatchObject([{ rail: 'evm:31338', reason: 'paid_over' }])
  })

  test('refuses a signature for the other chain, and one that does not say which chain it is for', async () => {
    const made = await intent({ amount: { asset: 'USD', amount: '0.40' }, split: yard.split() })
    const wrong = await payOn(made, { rail: 'evm:31338', chain: yard.chain })
    expect(wrong).toMatchObject({ status: 402, body: { code: 'proof_bad_signature' } })
    const vague = await payOn(made, { rail: 'evm:31338', chain: yard.rollup, as: 'evm' })
    expect(vague).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    const unknown = await payOn(made, { rail: 'evm:31338', chain: yard.rollup, as: 'evm:1' })
    expect(unknown).toMatchObject({ status: 422, body: { code: 'no_rail' } })
    expect(await intentNow(made.id)).toMatchObject({ status: 'open', paid: null, surplus: [] })
  })

  test('for a party is credited in the one asset of balances, whichever chain pays', async () => {
    const payee = await partyWith(yard, { name: 'seller on two chains' })
    for (const [rail, chain] of chains()) {
      const made = await intent({ amount: { asset: 'USD', amount: '0.25' }, payee: payee.id, rails: [rail] })
      expect(made.offers.map((o) => o.rail)).toEqual([rail])
      expect(await payOn(made, { rail, chain, as: 'evm' })).toMatchObject({ status: 202 })
      await settled(made.id)
    }
    const { body } = await yard.call<{ balances: { asset: string; available: string }[] }>('GET', `/v1/parties/${payee.id}`)
    expect(body.balances).toMatchObject([{ asset: `eip155:31337/erc20:${yard.chain.token.toLowerCase()}`, available: '0.5' }])
  })
})

describe('a payout to an address', () => {
  let payee: { id: string }
  beforeAll(async () => {
    payee = await partyWith(yard, { name: 'paid on any chain' })
    const made = await intent({ amount: { asset: 'USD', amount: '5' }, payee: payee.id, rails: ['lightning'] })
    const { invoice } = offerOn(made, 'lightning').pay as unknown as { invoice: string } // A lightning offer carries one.
    await control(yard.world.lightning.controlUrl, '/pay', { invoice })
    await settled(made.id)
  })

  async function payOut(amount: string): Promise<{ payout: Payout; candidates: Candidate[] }> {
    const destinations = [{ kind: 'evm_address', address: PAYEE_ADDRESS }]
    const made = await yard.call<Payout>('POST', '/v1/payouts', {
      body: { party: payee.id, amount: { asset: 'USDC', amount }, destinations },
    })
    const payout = await until('the payout', async () => {
      const { body } = await yard.call<Payout>('GET', `/v1/payouts/${made.body.id}`)
      return (body.status === 'settled' || body.status === 'failed') && body
    })
    const { body } = await yard.call<{ candidates: Candidate[] }>('GET', `/v1/decisions/${payout.decision_id}`)
    return { payout, candidates: body.candidates }
  }

  const received = ({ rpcUrl, token }: ChainReady) =>
    createPublicClient({ transport: http(rpcUrl) }).readContract({
      address: token,
      functionName: 'balanceOf',
      args: [PAYEE_ADDRESS],
      abi: [
        { type: 'function', name: 'balanceOf', stateMutability: 'view', inputs: [{ type: 'address' }], outputs: [{ type: 'uint256' }] },
      ],
    })

  test('goes over the chain that costs least, and its data fee is counted', async () => {
    const { payout, candidates } = await payOut('1')
    expect(payout).toMatchObject({ status: 'settled', rail: 'evm:31338' })
    const [first, second] = [...candidates].sort((a, b) => a.rank! - b.rank!)
    expect([first!.rail, second!.rail]).toEqual(['evm:31338', 'evm:31337'])
    expect(Number.parseFloat(first!.terms!.gas)).toBeLessThan(Number.parseFloat(second!.terms!.gas))
    expect(await Promise.all(yard.world.chains.map(received))).toEqual([0n, 1_000_000n])
    const receipt = await rpc(yard.rollup.rpcUrl, 'eth_getTransactionReceipt', [payout.evidence!.id])
    expect(BigInt((receipt as { l1Fee: string }).l1Fee)).toBeGreaterThan(0n)
    expect(await verified(yard)).toMatchObject({ ok: true })
  })

  test('goes over the other chain when the node of the first is silent, and verify says which chain is', async () => {
    rollupNode.silence(() => true)
    onTestFinished(() => rollupNode.silence(() => false))
    const { payout, candidates } = await payOut('1')
    expect(payout).toMatchObject({ status: 'settled', rail: 'evm:31337' })
    expect(candidates.find((c) => c.rail === 'evm:31338')).toMatchObject({ reason: expect.stringMatching(/no_answer|rejected_by_rail/) })
    expect(await Promise.all(yard.world.chains.map(received))).toEqual([1_000_000n, 1_000_000n])
    const { body } = await yard.call<{ ok: boolean; rails: { account: string; verdict: string }[] }>('GET', '/v1/verify')
    const silent = body.rails.filter((r) => r.verdict === 'silent').map((r) => r.account)
    expect([body.ok, silent]).toEqual([false, ['rail:evm:31338']])
    expect(body.rails.filter((r) => r.account.startsWith('rail:evm:31337:')).map((r) => r.verdict)).toEqual(Array(4).fill('equal'))
  })

  test('leaves the balance with exactly what was paid out less', async () => {
    expect(await balanceOf(yard, payee.id, 'USDC')).toBe('3')
  })
})

test('in the end both chains agree with the books, to the unit', async () => {
  const verification = await verified(yard)
  expect([...verification.rails, ...verification.splits].filter((r) => r.verdict !== 'equal')).toEqual([])
  const places = ['wallet', 'gas', 'hub', 'receiver']
  const rows = verification.rails.map((r) => r.account)
  for (const rail of ['evm:31337', 'evm:31338']) expect(rows).toEqual(expect.arrayContaining(places.map((p) => `rail:${rail}:${p}`)))
  // Of the split on each chain: its pot, its shares and its channels.
  const rails = verification.splits.map((r) => r.account.split(' ').at(-1))
  expect(rails.toSorted()).toEqual(['evm:31337', 'evm:31337', 'evm:31337', 'evm:31338', 'evm:31338', 'evm:31338'])
  expect(verification.ok).toBe(true)
})
