import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { LIMITS } from '../../gateway/guard/openGuard.ts'
import { USD } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'
import { askedOf, credential, signed, x402 } from './proofs.ts'

// The attacks of the published studies of x402 (arXiv 2605.11781, 2605.30998, 2607.19545), one by one against priced routes. The same attacks at length, and
// against real chains and nodes, are where the table of docs/security.md says.
const HASH = `0x${'ab'.repeat(32)}`
const came = { kind: 'settled', evidence: { rail: 'evm:31337', id: HASH, at: 1, proof: HASH }, fee: money(USDC, 0n) } as const
/** In millionths of a dollar. */
const JOKE = 2_000n
type Proof = Record<string, string>

let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  onTestFinished(() => world.close())
})

const send = (url: string, headers: Proof = {}, method: 'GET' | 'POST' = 'GET') => world.app.inject({ method, url, headers })
/** A proof of x402 for what this path asks now. */
const proofFor = async (url: string): Promise<Proof> => x402(askedOf(await send(url)))
const told = (answers: Awaited<ReturnType<typeof send>>[]) => new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`))

it('one payment for many grants: a proof is one grant, shown a hundred times at once and once more (248 was the record)', async () => {
  const proof = await proofFor('/joke')
  const answers = await Promise.all(Array.from({ length: 100 }, () => send('/joke', proof)))
  answers.push(await send('/joke', proof))
  expect([told(answers), world.ran()]).toEqual([new Set(['200 joke 1']), 1])
})

it('revert and keep: what is dear is not worked for when it reverts, and a payer who kept one cheap answer gets no second', async () => {
  world.chain.says({ kind: 'failed', reason: 'reverted' })
  const dear = await Promise.all(Array.from({ length: 5 }, async () => send('/opera', await proofFor('/opera'))))
  expect([new Set(dear.map(({ statusCode }) => statusCode)), world.ran()]).toEqual([new Set([402]), 0])

  const other = await openPaidRoute({ finishedKept: 100 })
  onTestFinished(() => other.close())
  const pay = async () => other.app.inject({ url: '/joke', headers: await x402(askedOf(await other.app.inject({ url: '/joke' }))) })
  expect((await pay()).statusCode).toBe(200)
  other.chain.says({ kind: 'failed', reason: 'reverted' })
  // What reverted is lost, and used up of what strangers may owe.
  await expect.poll(() => other.has('exposure:new', USD)).toBe(1_000_000n - JOKE)
  for (let n = 0; n < 5; n++) expect((await pay()).statusCode).toBe(402)
  expect(other.ran()).toBe(1)
})

it.each([
  ['another path', 'GET', '/duet'],
  ['a dearer path', 'GET', '/opera'],
  ['another query', 'GET', '/echo?of=more'],
  ['another method', 'POST', '/echo'],
] as const)('cross-resource substitution: a proof for one thing does not buy %s, and still buys its own', async (_, method, url) => {
  const challenge = askedOf(await send('/echo'))
  const proofs = [
    await x402(challenge),
    credential(challenge.evm, { type: 'authorization', ...(await signed(challenge, { charge: true })) }),
  ]
  for (const proof of proofs) expect((await send(url, proof, method)).statusCode).toBe(402)
  expect([world.ran(), world.chain.collected.length]).toEqual([0, 0])
  for (const proof of proofs) expect((await send('/echo', proof)).statusCode).toBe(200)
  expect(world.ran()).toBe(2)
})

it('duplicate settlement race: fifty copies of a payment that is collected first are collected once and run once', async () => {
  const proof = await proofFor('/opera')
  const all = Promise.all(Array.from({ length: 50 }, () => send('/opera', proof)))
  await expect.poll(() => world.chain.collected.length).toBe(1)
  world.chain.says(came)
  expect([told(await all), world.chain.collected.length, world.ran()]).toEqual([new Set(['200 opera 1']), 1, 1])
})

it('denial of settlement: proofs that nobody signed reach no chain, its code is asked fifty times, and an honest payment is collected', async () => {
  const guarded = await openPaidRoute({ finishedKept: 100, limits: { ...LIMITS, lateMs: 600_000 } })
  onTestFinished(() => guarded.close())
  const challenge = askedOf(await guarded.app.inject({ url: '/joke' }))
  const codes = new Map<string, number>()
  for (let n = 0; n < 80; n++) {
    const forged = await x402(challenge, { from: `0x${(n + 1).toString(16).padStart(40, '0')}` })
    const { code } = (await guarded.app.inject({ url: '/joke', headers: forged })).json<{ code: string }>()
    codes.set(code, (codes.get(code) ?? 0) + 1)
  }
  const asked = guarded.chain.asked.filter((name) => name === 'askCode').length
  expect([codes.get('proof_bad_signature'), codes.get('too_busy'), guarded.ran()]).toEqual([asked, 80 - asked, 0])
  expect(asked).toBeGreaterThanOrEqual(50)
  expect(asked).toBeLessThan(60)
  expect((await guarded.app.inject({ url: '/joke', headers: await x402(challenge) })).statusCode).toBe(200)
  await expect.poll(() => guarded.chain.collected.length).toBe(1)
})

it('shared caches: no cache but the payer’s may keep a paid answer, whatever its work says, and none keeps a 402', async () => {
  const proof = await proofFor('/cached')
  for (const answer of [await send('/cached', proof), await send('/cached', proof)]) {
    expect([answer.statusCode, answer.headers['cache-control'], answer.headers['cdn-cache-control']]).toEqual([200, 'private', 'private'])
  }
  expect((await send('/cached')).headers['cache-control']).toBe('no-store')
  const failed = await send('/broken', await proofFor('/broken'))
  expect([failed.statusCode, failed.headers['cache-control'], failed.headers['cdn-cache-control']]).toEqual([500, 'private', 'private'])
})

it.each(['/.well-known/x402', '/openapi.json', '/llms.txt'])(
  'discovery steering: whoever asks for %s with a name of its own steers nobody there',
  async (url) => {
    const evil = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example', origin: 'https://evil.example' }
    const [asked, steered] = [await send(url), await send(url, evil)]
    expect([steered.statusCode, steered.body]).toEqual([200, asked.body])
    expect(await send(url, { host: 'evil.example' })).toMatchObject({ statusCode: 421 })
    // What is paid is what the 402 says, which names the very request; an offer for elsewhere buys nothing here.
    const challenge = askedOf(await send('/joke'))
    const elsewhere = await x402(challenge, { accepted: { payTo: `0x${'66'.repeat(20)}` }, to: `0x${'66'.repeat(20)}` })
    expect([(await send('/joke', elsewhere)).statusCode, world.ran()]).toEqual([402, 0])
  },
)
