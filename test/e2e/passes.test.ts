import { afterAll, beforeAll, expect, test } from 'vitest'
import { balanceOf, control, partyWith, startYard, verified, type Yard } from './yard.ts'

const USES = 20
const PRICE = { amount: '0.002' }

let yard: Yard
beforeAll(async () => {
  yard = await startYard()
}, 90_000)
afterAll(() => yard?.close(), 30_000)

type Reply = { kind: string; headers: [string, string][]; body: string; claim: string; receipt: string }
type Status = { status: string; rail: string; pass: { uses_left: number; receipt: string } }

test('a pass that was paid over real channels is used to its last use, though the gateway is killed in between, and its books equal the rails', async () => {
  const seller = await partyWith(yard, { name: 'seller' })
  const admit = async (attempt: string, authorization?: string): Promise<Reply> => {
    const headers = authorization === undefined ? {} : { authorization }
    const request = { method: 'GET', url: 'https://shop.example/joke', route: '/joke', headers }
    const body = { attempt, request, price: PRICE, pass: { uses: USES } }
    const answer = await yard.call<Reply>('POST', '/v1/admissions', { body, key: seller.key })
    expect([answer.status, answer.body]).toEqual([200, expect.anything()])
    return answer.body
  }
  const kept = async ({ claim }: Reply, attempt: string, status = 200): Promise<number> => {
    const body = { claim, attempt, status, body: 'a joke' }
    return (await yard.call('POST', '/v1/admissions/answers', { body, key: seller.key })).status
  }
  const attempts = (count: number) => Array.from({ length: count }, () => crypto.randomUUID())

  const asked = await admit(crypto.randomUUID())
  const [, macaroon, invoice] = /^L402 macaroon="([^"]+)", invoice="([^"]+)"/.exec(
    asked.headers.find(([name]) => name === 'www-authenticate')![1],
  )!
  const { preimage } = await control<{ preimage: string }>(yard.world.lightning.controlUrl, '/pay', { invoice })
  const token = `L402 ${macaroon}:${preimage}`
  const run = async (attempt: string) => ({ attempt, reply: await admit(attempt, token) })

  const first = await Promise.all(attempts(10).map(run))
  expect(first.map(({ reply }) => reply.kind)).toEqual(Array(10).fill('run'))
  expect(await Promise.all(first.map(({ reply, attempt }) => kept(reply, attempt)))).toEqual(Array(10).fill(200))

  const cut = await Promise.all(attempts(4).map(run))
  await yard.kill()
  await yard.start()
  // Their seller was not killed: two have their answer, two have failed and give their use back.
  expect(await Promise.all(cut.map(({ reply, attempt }, n) => kept(reply, attempt, n < 2 ? 200 : 500)))).toEqual(Array(4).fill(200))
  const { body: status } = await yard.call<Status>('GET', `/v1/payments/${first[0]!.reply.receipt}`, { key: null })
  expect(status).toMatchObject({ status: 'settled', rail: 'book', pass: { uses_left: 8 } })

  const last = await Promise.all(attempts(12).map(run))
  const runs = last.filter(({ reply }) => reply.kind === 'run')
  const codes = last.filter(({ reply }) => reply.kind === 'unpaid').map(({ reply }) => JSON.parse(reply.body).code)
  expect([runs.length, codes]).toEqual([8, Array(4).fill('token_spent')])
  await Promise.all(runs.map(({ reply, attempt }) => kept(reply, attempt)))
  expect(await balanceOf(yard, seller.id, 'USDC')).toBe('0.04')
  const purchase = await yard.call<Status>('GET', `/v1/payments/${status.pass.receipt}`, { key: null })
  expect(purchase.body).toMatchObject({ status: 'settled', rail: 'lightning', pass: { uses_left: 0 } })

  const { journal, rails, splits } = await verified(yard)
  expect([journal.verdict, [...rails, ...splits].filter(({ verdict }) => verdict !== 'equal')]).toEqual(['unbroken', []])
}, 180_000)
