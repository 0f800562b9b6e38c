import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OPERATOR_KEY } from '../localConfig.ts'
import { openPeopleWorld, type PeopleWorld } from './peopleWorld.ts'

let w: PeopleWorld
let seller: { id: string; secret: string }
let owner: { id: string; secret: string }

beforeAll(async () => {
  w = await openPeopleWorld()
  ;[seller, owner] = [await w.party('Seller'), await w.party('Owner')]
  await w.fund(owner.id, 1_000_000_000n)
}, 60_000)
afterAll(() => w?.close())

type Limits = Readonly<{ request_usd_max?: string; day_usd_max?: string; payees?: string[]; expires_in_s?: number }>

async function agent(limits: Limits = {}, secret = owner.secret) {
  const payload = { name: 'researcher', request_usd_max: '0.05', day_usd_max: '1', ...limits }
  const made = await w.ask('POST', '/v1/agents', secret, { payload })
  expect([made.status, made.body]).toEqual([201, expect.objectContaining({ object: 'agent', status: 'active' })])
  return { id: String(made.body.id), secret: made.secret }
}

/** A seller elsewhere asks what to do with a request that carries this key. */
async function pay(secret: string, amount: string, idempotencyKey: string = crypto.randomUUID()) {
  const headers = { authorization: `Bearer ${secret}`, 'idempotency-key': idempotencyKey }
  const request = { method: 'GET', url: 'https://api.example/essays/7', route: '/essays/:id', headers }
  const attempt = crypto.randomUUID()
  const { status, body } = await w.ask('POST', '/v1/admissions', seller.secret, { payload: { attempt, request, price: { amount } } })
  expect(status).toBe(200)
  const answer = body as { kind: string; status?: number; body?: string; claim?: string; receipt?: string }
  return {
    ...answer,
    attempt,
    problem: answer.kind === 'refused' ? (JSON.parse(answer.body!) as { code?: string; detail?: string; meta?: object }) : undefined,
  }
}

const statement = async (id: string, secret = owner.secret) => (await w.ask('GET', `/v1/agents/${id}/statement?limit=200`, secret)).body
const left = async (id: string) => ((await w.ask('GET', `/v1/agents/${id}`, owner.secret)).body.left_today as { amount: string }).amount

describe('an agent of a party', () => {
  test('is made, granted and resumed by no key that could not spend so itself', async () => {
    const payload = { name: 'wide', request_usd_max: '900', day_usd_max: '900' }
    const limited = (can: object, more: object = {}) => w.key(owner.secret, { can, ...more }).then(({ secret }) => secret)
    const noSpending = await limited({ agents: 'write' })
    const both = { agents: 'write', spending: 'write' }
    const [soonOver, fromHere] = [await limited(both, { expires_in_s: 3_600 }), await limited(both, { addresses: ['127.0.0.1'] })]
    const asked = await w.ask('POST', '/v1/device_codes', undefined, { payload: { name: 'wide' } })
    for (const secret of [noSpending, soonOver, fromHere])
      for (const path of ['/v1/agents', `/v1/device_codes/${asked.body.user_code}/grant`]) {
        const { body, secret: made } = await w.ask('POST', path, secret, { payload })
        expect([path, body.code, made]).toEqual([path, 'key_not_allowed', ''])
      }
    const within = await w.ask('POST', '/v1/agents', soonOver, { payload: { ...payload, expires_in_s: 600 } })
    expect([within.status, within.secret]).toEqual([201, expect.stringMatching(/^sk_/)])
    const act = async (word: string, secret: string) => {
      const { status, body } = await w.ask('POST', `/v1/agents/${within.body.id}/${word}`, secret, {})
      return [status, body.code ?? body.status]
    }
    // To stop one takes no right to spend.
    expect(await act('pause', noSpending)).toEqual([200, 'paused'])
    expect(await act('resume', noSpending)).toEqual([403, 'key_not_allowed'])
    expect(await act('resume', soonOver)).toEqual([200, 'active'])
    expect(await act('revoke', noSpending)).toEqual([200, 'revoked'])
  })

  test('is not needed to pay an intent, for which a key needs the right to spend as well', async () => {
    const made = await w.ask('POST', '/v1/payment_intents', seller.secret, {
      payload: { amount: { asset: 'USD', amount: '1' }, payee: seller.id },
    })
    const path = `/v1/payment_intents/${made.body.id}`
    const pay = async (can: object) => {
      const { secret } = await w.key(owner.secret, { can })
      const { status, body } = await w.ask('POST', `${path}/pay`, secret, { payload: { rail: 'book' } })
      return [status, body.code ?? body.status]
    }
    expect(await pay({ payment_intents: 'write' })).toEqual([403, 'key_not_allowed'])
    expect((await w.ask('GET', path, seller.secret)).body.status).toBe('open')
    expect(await pay({ payment_intents: 'write', spending: 'write' })).toEqual([200, 'settled'])
  })

  test('pays within its policy from the party’s balance, has a statement of its own, and can do nothing else', async () => {
    const { id, secret } = await agent()
    const [first, second] = [await pay(secret, '0.05'), await pay(secret, '0.02')]
    expect([first.kind, second.kind]).toEqual(['run', 'run'])
    expect(await left(id)).toBe('0.93')
    expect(await statement(id)).toMatchObject({
      spent: { amount: '0.07' },
      data: [
        { receipt: second.receipt, kind: 'paid', amount: { amount: '0.02' } },
        { receipt: first.receipt, kind: 'paid', amount: { amount: '0.05' } },
      ],
      has_more: false,
    })
    for (const [method, path] of [
      ['GET', `/v1/parties/${owner.id}`],
      ['GET', '/v1/agents'],
      ['GET', '/v1/keys'],
      ['GET', '/v1/acts'],
    ] as const)
      expect((await w.ask(method, path, secret)).body.code).toBe('key_not_allowed')
    expect((await w.ask('POST', '/v1/keys', secret, { payload: { name: 'wider' } })).body.code).toBe('key_not_allowed')
  })

  test('what costs more than a request may, or is for another payee, is refused with whom to ask, and nothing is taken', async () => {
    const dear = await agent()
    const answer = await pay(dear.secret, '0.06')
    expect([answer.kind, answer.status, answer.problem]).toEqual([
      'refused',
      403,
      expect.objectContaining({
        code: 'agent_limit',
        detail: expect.stringContaining(`ask whoever answers for ${owner.id}`),
        meta: expect.objectContaining({ agent: dear.id }),
      }),
    ])
    const narrow = await agent({ payees: [owner.id] })
    expect((await pay(narrow.secret, '0.01')).problem?.code).toBe('agent_limit')
    expect([await left(dear.id), await left(narrow.id)]).toEqual(['1', '1'])
  })

  test('of fifty requests at once as many are served as the day’s budget holds, and not one more', async () => {
    const { id, secret } = await agent({ day_usd_max: '0.5' })
    const balance = () => w.gateway().ledger.books.balance(`party:${seller.id}`, w.gateway().ground.bookAsset)
    const before = balance()
    const answers = await Promise.all(Array.from({ length: 50 }, () => pay(secret, '0.05')))
    const served = answers.filter(({ kind }) => kind === 'run')
    expect([served.length, new Set(answers.filter(({ kind }) => kind !== 'run').map(({ problem }) => problem?.code))]).toEqual([
      10,
      new Set(['agent_limit']),
    ])
    expect(await left(id)).toBe('0')
    const came = balance().creditsPosted + balance().creditsPending - before.creditsPosted - before.creditsPending
    const rate = w.gateway().ground.rates.rate(w.gateway().ground.usd, w.gateway().ground.bookAsset)
    const one = (50_000n * rate.num + rate.den - 1n) / rate.den
    expect(came).toBe(10n * one)
  })

  test('the same request again is one payment, also after the agent was revoked; a new one is refused from then on', async () => {
    const { id, secret } = await agent()
    const key = crypto.randomUUID()
    const first = await pay(secret, '0.03', key)
    const answered = await w.ask('POST', '/v1/admissions/answers', seller.secret, {
      payload: { claim: first.claim, attempt: first.attempt, status: 200, content_type: 'text/plain', body: 'done' },
    })
    expect(answered.status).toBe(200)
    expect((await w.ask('POST', `/v1/agents/${id}/revoke`, owner.secret)).body.status).toBe('revoked')
    expect((await pay(secret, '0.03')).problem?.code).toBe('agent_limit')
    expect((await pay(secret, '0.03', key)).kind).toBe('replayed')
    expect(await left(id)).toBe('0.97')
    expect((await w.ask('POST', `/v1/agents/${id}/resume`, owner.secret)).body.code).toBe('key_ended')
  })

  test('a paused one spends nothing until it is resumed, and what it has left stands after a kill', async () => {
    const { id, secret } = await agent()
    expect((await pay(secret, '0.05')).kind).toBe('run')
    await w.ask('POST', `/v1/agents/${id}/pause`, owner.secret)
    expect((await pay(secret, '0.01')).problem?.detail).toContain('is paused')
    await w.killed()
    expect((await pay(secret, '0.01')).problem?.detail).toContain('is paused')
    await w.ask('POST', `/v1/agents/${id}/resume`, owner.secret)
    expect((await pay(secret, '0.05')).kind).toBe('run')
    expect(await left(id)).toBe('0.9')
  })

  test('another party sees and changes none of it, and an operator makes one for a party that is named', async () => {
    const { id } = await agent()
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/statement'],
      ['POST', '/pause'],
      ['POST', '/revoke'],
    ] as const)
      expect((await w.ask(method, `/v1/agents/${id}${path}`, seller.secret)).status).toBe(404)
    expect((await w.ask('GET', '/v1/agents', seller.secret)).body.data).toEqual([])
    expect((await w.ask('GET', `/v1/agents?party=${owner.id}`, seller.secret)).status).toBe(403)
    const payload = { name: 'x', request_usd_max: '1', day_usd_max: '1' }
    expect((await w.ask('POST', '/v1/agents', OPERATOR_KEY, { payload })).status).toBe(400)
    expect((await w.ask('POST', '/v1/agents', OPERATOR_KEY, { payload: { ...payload, party: owner.id } })).status).toBe(201)
    for (const wrong of [{ day_usd_max: '0' }, { request_usd_max: '-1' }, { payees: [] }, { budget: '1' }])
      expect((await w.ask('POST', '/v1/agents', owner.secret, { payload: { ...payload, ...wrong } })).status).toBe(400)
  })

  test('where a balance has a limit, a key of the party itself pays no priced route above it: the agent that was agreed to does', async () => {
    const payer = await w.party('Limited')
    await w.fund(payer.id, 100_000_000n)
    for (const role of ['admin', 'approver']) await w.key(payer.secret, { person: `an ${role}`, role })
    const made = await agent({ request_usd_max: '5', day_usd_max: '5', expires_in_s: 60 }, payer.secret)
    expect((await w.ask('POST', `/v1/parties/${payer.id}/approvals`, payer.secret, { payload: { payouts_usd_max: '2' } })).status).toBe(200)
    const balance = () => w.gateway().ledger.books.balance(`party:${payer.id}`, w.gateway().ground.bookAsset).debitsPosted
    const refused = await pay(payer.secret, '3')
    expect([refused.kind, refused.status, refused.problem?.code, balance()]).toEqual(['refused', 403, 'approval_needed', 0n])
    const small = await Promise.all(Array.from({ length: 6 }, () => pay(payer.secret, '0.5')))
    expect(small.filter(({ kind }) => kind === 'run')).toHaveLength(4)
    expect(new Set(small.filter(({ kind }) => kind !== 'run').map(({ problem }) => problem?.code))).toEqual(new Set(['approval_needed']))
    await w.killed()
    expect((await pay(payer.secret, '0.5')).problem?.code).toBe('approval_needed')
    expect((await pay(made.secret, '3')).kind).toBe('run')
  })

  test('above what its policy says a person of the party agrees to a payment, once, and the same request again is that payment', async () => {
    const payer = await w.party('Asking')
    await w.fund(payer.id, 100_000_000n)
    const limits = { request_usd_max: '5', day_usd_max: '9', approval_above_usd: '1' }
    const alone = await w.ask('POST', '/v1/agents', payer.secret, { payload: { name: 'x', ...limits } })
    expect([alone.status, alone.body.code]).toEqual([400, 'invalid_request'])
    const max = await w.key(payer.secret, { person: 'Max', role: 'approver' })
    const { id, secret } = await agent(limits, payer.secret)
    expect((await w.ask('GET', `/v1/agents/${id}`, payer.secret)).body.approval_above).toMatchObject({ amount: '1' })
    // Money of an agent's payment is held until the work is done.
    const spent = () => {
      const { debitsPosted, debitsPending } = w.gateway().ledger.books.balance(`party:${payer.id}`, w.gateway().ground.bookAsset)
      return debitsPosted + debitsPending
    }
    const word = (approval: unknown, which: 'approve' | 'refuse', by = max.secret) =>
      w.ask('POST', `/v1/approvals/${approval}/${which}`, by)
    const asks = async (key: string, amount = '3') => {
      const { problem, kind, status } = await pay(secret, amount, key)
      expect([kind, status, problem?.code]).toEqual(['refused', 403, 'approval_needed'])
      const { approval } = (problem?.meta ?? {}) as { approval: string }
      return approval
    }
    expect((await pay(secret, '1')).kind).toBe('run')
    const before = spent()
    const key = crypto.randomUUID()
    const both = [await asks(key), await asks(key)]
    expect([new Set(both).size, await asks(key), spent()]).toEqual([1, both[0], before])
    const shown = (await w.ask('GET', `/v1/approvals/${both[0]}`, max.secret)).body
    expect(shown).toMatchObject({ amount: { amount: '3' }, request: { agent: id, payee: seller.id }, status: 'needs_approval' })
    // The agent's own key agrees to nothing, nor does the party's, which is no person's, nor anybody of another party.
    expect((await word(both[0], 'approve', secret)).body.code).toBe('key_not_allowed')
    expect([(await word(both[0], 'approve', payer.secret)).status, (await word(both[0], 'approve', seller.secret)).status]).toEqual([
      403, 404,
    ])
    expect((await word(both[0], 'approve')).body.status).toBe('approved')
    expect([(await pay(secret, '4', key)).problem?.code, spent()]).toEqual(['approval_not_for_this', before])
    await w.killed()
    expect((await pay(secret, '3', key)).kind).toBe('run')
    const after = spent()
    expect(after).toBeGreaterThan(before)
    expect((await w.ask('GET', `/v1/approvals/${both[0]}`, max.secret)).body.status).toBe('done')
    const second = crypto.randomUUID()
    await word(await asks(second), 'refuse')
    expect([(await pay(secret, '3', second)).problem?.code, spent()]).toEqual(['approval_ended', after])
    // What the policy forbids nobody is asked for.
    expect((await pay(secret, '6')).problem?.code).toBe('agent_limit')
    expect((await w.ask('GET', '/v1/approvals', payer.secret)).body.data).toEqual([])
    const many = await Promise.all(Array.from({ length: 12 }, () => pay(secret, '3')))
    const codes = many.map(({ problem }) => problem?.code)
    expect([codes.filter((code) => code === 'approval_needed').length, codes.filter((code) => code === 'too_busy').length]).toEqual([10, 2])
  })
})
