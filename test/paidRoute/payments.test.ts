import { ExactEvmScheme } from '@x402/evm'
import { x402Client, x402HTTPClient } from '@x402/fetch'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { checkReceiptProof, type ProvenReceipt } from '../../gateway/audit/log/checkReceiptProof.ts'
import { headOf } from '../../gateway/audit/receipt/receiptUpdate.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { money } from '../../gateway/money/money.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'

// What became of a payment, by the id of its receipt, on every rail and at every turn.
const hash = (byte: string) => `0x${byte.repeat(32)}`
const [TRANSACTION, BLOCK] = [hash('7a'), hash('0b')]

let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 3 })
  onTestFinished(() => world.close())
})

type View = { status: string; final: boolean; reason: string | null; evidence: Record<string, string | null>; payee?: string }
type Headers = Record<string, string>

const get = (url: string, headers: Headers = {}) => world.app.inject({ method: 'GET', url, headers })
const ask = (id: string, key?: string) => get(`/v1/payments/${id}`, key === undefined ? {} : { authorization: `Bearer ${key}` })
const view = async (id: string) => (await ask(id)).json<View>()
const status = async (id: string) => (await view(id)).status

/** Asks for something with what pays for it, and answers the id of its receipt. */
async function paid(url: string, headers: Headers): Promise<string> {
  const answer = await get(url, headers)
  return String(answer.headers['switchyard-receipt'])
}

const fromBalance = (url: string) => paid(url, { authorization: `Bearer ${world.customer.key}`, 'idempotency-key': crypto.randomUUID() })

async function byLightning(url: string): Promise<string> {
  const asked = [(await get(url)).headers['www-authenticate']].flat().join('\n')
  const [, macaroon, invoice] = /L402 macaroon="([^"]*)", invoice="lnbcrt([^"]*)"/.exec(asked)!
  return paid(url, { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice!)}` })
}

async function byX402(url: string): Promise<string> {
  const scheme = new ExactEvmScheme(privateKeyToAccount(generatePrivateKey()))
  const client = new x402HTTPClient(x402Client.fromConfig({ schemes: [{ network: 'eip155:*', client: scheme }], spendControls: false }))
  const asked = await get(url)
  const required = client.getPaymentRequiredResponse((name) => String(asked.headers[name.toLowerCase()]))
  return paid(url, client.encodePaymentSignatureHeader(await client.createPaymentPayload(required)))
}

/** The chain has what was to be collected last, in this block. */
function arrive(block = BLOCK): string {
  const { from, nonce, value } = world.chain.collected.at(-1)!
  const id = `${TRANSACTION}:3:${block}`
  const amount = money(USDC, value)
  world.chain.report({ kind: 'received', id, place: 'receiver', amount, reference: `auth:${from}:${nonce}`, payer: from })
  return id
}

function leave(id: string): void {
  const { from, nonce, value } = world.chain.collected.at(-1)!
  const takesBack = { kind: 'received', id } as const
  const movement = { place: 'receiver', amount: money(USDC, value), reference: `auth:${from}:${nonce}`, payer: from }
  world.chain.report({ kind: 'demoted', id: `${id}:gone`, takesBack, ...movement })
}

const settled = {
  kind: 'settled',
  evidence: { rail: 'evm:31337', id: TRANSACTION, at: 1, proof: TRANSACTION },
  fee: money(USDC, 0n),
} as const
const none = { transaction: null, block: null, block_hash: null, payment_hash: null }

describe('a payment', () => {
  test('from a balance is settled at once, and refunded where the work failed', async () => {
    expect(await view(await fromBalance('/joke'))).toMatchObject({ status: 'settled', final: true, reason: null, evidence: none })
    expect(await view(await fromBalance('/broken'))).toMatchObject({ status: 'refunded', final: true, reason: 'not_served' })
  })

  test('over Lightning is settled with the hash of its payment, and waits for its payer where the work failed', async () => {
    const id = await byLightning('/joke')
    expect(await view(id)).toMatchObject({ status: 'settled', evidence: { payment_hash: expect.stringMatching(/^[0-9a-f]{64}$/) } })
    const failed = await byLightning('/broken')
    expect(await view(failed)).toMatchObject({ status: 'refund_due', final: false, reason: 'not_served' })
    await world.payOut(accounts.surplus(failed))
    expect(await view(failed)).toMatchObject({ status: 'refunded', final: true })
  })

  test('by an authorization is held while the work runs, then collecting, then settled with its transaction and block', async () => {
    const during = byX402('/slow')
    const id = await world.slow.began()
    expect(await view(id)).toMatchObject({ status: 'held', final: false, evidence: none })
    world.slow.end()
    expect(await during).toBe(id)
    expect(await view(id)).toMatchObject({ status: 'collecting', final: false, evidence: none })
    arrive()
    await expect.poll(() => status(id)).toBe('settled')
    const evidence = { transaction: TRANSACTION, block: '1', block_hash: BLOCK }
    expect(await view(id)).toMatchObject({ status: 'settled', final: true, evidence })
  })

  test('that is collected before the work is settled with its transaction', async () => {
    world.chain.says(settled)
    expect(await view(await byX402('/opera'))).toMatchObject({ status: 'settled', evidence: { transaction: TRANSACTION } })
  })

  test('that can not be collected after the answer has failed, and never was settled', async () => {
    const id = await byX402('/joke')
    world.chain.says({ kind: 'failed', reason: 'already_used' })
    const seen = new Set<string>()
    await expect.poll(async () => [...seen.add(await status(id))].at(-1)).toBe('failed')
    expect([...seen].filter((one) => one !== 'collecting')).toEqual(['failed'])
    expect(await view(id)).toMatchObject({ final: true, reason: 'already_used', evidence: none })
  })

  test('by an authorization whose work failed has failed: it is let go', async () => {
    expect(await view(await byX402('/broken'))).toMatchObject({ status: 'failed', final: true, reason: 'not_served' })
  })

  test('whose block the chain replaces is held again, until it is in another', async () => {
    const id = await byX402('/joke')
    const first = arrive()
    await expect.poll(() => status(id)).toBe('settled')
    leave(first)
    await expect.poll(() => status(id)).toBe('held')
    expect(await view(id)).toMatchObject({ final: false, evidence: none })
    arrive(hash('0c'))
    await expect.poll(() => status(id)).toBe('settled')
    expect(await view(id)).toMatchObject({ evidence: { transaction: TRANSACTION, block_hash: hash('0c') } })
  })

  test('is told when it is old and has left memory', async () => {
    const [book, lightning] = [await fromBalance('/joke'), await byLightning('/joke')]
    for (let i = 0; i < 5; i++) await fromBalance('/joke')
    expect([await status(book), await status(lightning)]).toEqual(['settled', 'settled'])
  })
})

describe('the chain of a receipt', () => {
  /** Each entry as it was written, and whether it stands behind the one before it. */
  const chainOf = (id: string) => {
    const receipt = world.receipts.find((one) => one.id === id)!
    const updates = world.updates(id)
    const heads = [receipt, ...updates].map(headOf)
    expect(updates.map(({ receipt: of, n, before }) => ({ receipt: of, n: n - 1, hash: before }))).toEqual(heads.slice(0, -1))
    return updates
  }
  const states = (id: string) => chainOf(id).map(({ state }) => state)

  test('goes on where money was collected, taken back by its chain and there again', async () => {
    const id = await byX402('/joke')
    expect(chainOf(id)).toEqual([])
    const first = arrive()
    await expect.poll(() => status(id)).toBe('settled')
    expect(chainOf(id)).toMatchObject([{ state: 'settled', transaction: TRANSACTION, block: '1', entry: expect.stringMatching(/^en_/) }])
    leave(first)
    await expect.poll(() => status(id)).toBe('held')
    arrive(hash('0c'))
    await expect.poll(() => states(id)).toEqual(['settled', 'held', 'settled'])
    expect(chainOf(id)[1]).toMatchObject({ reason: 'reorganised' })
  })

  test('ends where nothing was taken', async () => {
    const id = await byX402('/joke')
    world.chain.says({ kind: 'failed', reason: 'already_used' })
    await expect.poll(() => status(id)).toBe('failed')
    expect(chainOf(id)).toMatchObject([{ state: 'failed', reason: 'already_used' }])
    expect(chainOf(await byX402('/broken'))).toMatchObject([{ state: 'failed', reason: 'not_served' }])
  })

  test('says what goes back where the work failed', async () => {
    expect(chainOf(await fromBalance('/broken'))).toMatchObject([{ state: 'refunded', reason: 'not_served' }])
    expect(states(await byLightning('/broken'))).toEqual(['refund_due'])
    expect(states(await fromBalance('/joke'))).toEqual([])
  })

  test('holds for who has the key, and does not with an entry left out or changed', async () => {
    const id = await byX402('/joke')
    arrive()
    await expect.poll(() => status(id)).toBe('settled')
    leave(`${TRANSACTION}:3:${BLOCK}`)
    await expect.poll(() => status(id)).toBe('held')
    const { signer } = world
    const updates = chainOf(id).map(signer.signUpdate)
    const signed = { ...signer.sign(world.receipts.find((one) => one.id === id)!), updates }
    const holds = (proven: ProvenReceipt) => checkReceiptProof(proven, signer.publicKeyPem).every((finding) => finding.holds)
    expect(holds(signed)).toBe(true)
    expect(holds({ ...signed, updates: updates.slice(1) })).toBe(false)
    expect(holds({ ...signed, updates: updates.toReversed() })).toBe(false)
    const altered = { ...updates[0]!, update: { ...updates[0]!.update, transaction: hash('11') as `0x${string}` } }
    expect(holds({ ...signed, updates: [altered, updates[1]!] })).toBe(false)
  })
})

describe('who asks', () => {
  test('without a key sees what concerns the payer; its payee and the operator see whose it is', async () => {
    const id = await byX402('/duet')
    const stranger = await ask(id)
    expect(Object.keys(stranger.json())).not.toEqual(expect.arrayContaining(['payee']))
    expect(stranger.body).not.toContain(world.duet[0])
    expect((await ask(id, world.customer.key)).json()).toEqual(stranger.json())
    expect((await ask(id, world.sellerKey)).json()).toEqual(stranger.json())
    expect((await ask(id, world.operatorKey)).json()).toMatchObject({ payee: world.duetSplit })
    const own = await byX402('/joke')
    expect((await ask(own, world.sellerKey)).json()).toMatchObject({ payee: world.seller })
    expect((await ask(own, 'sk_nobody_has_this_key')).statusCode).toBe(401)
  })

  test('is told not to keep it, and when to ask again while it is not final', async () => {
    const { headers } = await ask(await byX402('/joke'))
    expect([headers['cache-control'], headers['retry-after']]).toEqual(['no-store', '2'])
    const final = await ask(await fromBalance('/joke'))
    expect([final.headers['cache-control'], final.headers['retry-after']]).toEqual(['no-store', undefined])
  })

  test.each(['rc_1', `rc_${'0'.repeat(32)}`, 'pi_1', '__proto__', `rc_${'0'.repeat(31)}%00`])(
    'for %s is told that there is none',
    async (id) => {
      const answer = await ask(id)
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, 'not_found'])
    },
  )
})
