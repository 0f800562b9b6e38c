import { readFileSync } from 'node:fs'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ZodType } from 'zod'
import { accessOf, NAMED } from '../../gateway/api/contract/access.ts'
import { OPERATIONS } from '../../gateway/api/contract/operations.ts'
import { API_VERSIONS } from '../../gateway/api/http/apiVersion.ts'
import { describedAt } from '../../gateway/api/http/openApi.ts'
import { breaksOf, type Contract, type Description, reduced } from './breaks.ts'
import { brokenPromise } from './checkAnswer.ts'
import { describedApi, withApi } from './describedApi.ts'

type Operation = {
  operationId?: string
  summary?: string
  tags?: string[]
  parameters?: { name: string }[]
  security?: object[]
  'x-access'?: { who: string; right: string | null }
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: object; example?: unknown }> }>
  requestBody?: { content: Record<string, { example?: unknown }> }
}

/** Routes whose description does not say who they are for, or does not ask for a key where they are not for anyone. */
function unsaid(found: readonly { name: string; operation: Operation }[]): string[] {
  const bad = found.filter(({ operation }) => {
    const access = operation['x-access']
    return access === undefined || (access.who === 'anyone') !== (operation.security?.length === 0)
  })
  return bad.map(({ name }) => name)
}

/** Whatever is asked, these may be the answer. */
const REFUSED_ALWAYS = ['400', '421', '429', '500', '503']

function schemaIn(content: Operation['responses'][string]['content']): boolean {
  return Object.values(content ?? {}).some(({ schema }) => schema)
}

let description: Description
let operations: { name: string; path: string; operation: Operation }[]
beforeAll(async () => {
  description = await describedApi()
  operations = operationsOf(description)
})

const NOTHING_NEW = 'makes a thing that stands anew, with the metadata that it has'
const HAS_GROUNDS = 'an act of an operator, whose reason and evidence are its own words'
/** What is answered with 201 and has no metadata of its maker. */
const WITHOUT_METADATA: Readonly<Record<string, string>> = {
  'POST /v1/channels': 'opened by a payer, who signs it, and no resource of a seller',
  'POST /v1/channels/{id}/vouchers': 'a payment that its payer signs',
  'POST /v1/keys/{id}/rotate': NOTHING_NEW,
  'POST /v1/logins': 'lasts for minutes and is written down nowhere',
  'POST /v1/payouts/{id}/attempts/{attempt}/outcome': HAS_GROUNDS,
  'POST /v1/payouts/{id}/recalls': HAS_GROUNDS,
  'POST /v1/suspense/adjust': HAS_GROUNDS,
  'POST /v1/suspense/assign': HAS_GROUNDS,
  'POST /v1/suspense/refund': HAS_GROUNDS,
  'POST /v1/suspense/write-off': HAS_GROUNDS,
  'POST /v1/webhook_endpoints/{id}/rotate_secret': NOTHING_NEW,
  'POST /x402/listings': 'what x402 says of a resource, in the words of its standard',
}

/** Opened by a link alone, and with a key by an id. */
const ALSO_WITH_KEY = ['GET /v1/refunds/{id}']

function operationsOf({ paths }: Description): { name: string; path: string; operation: Operation }[] {
  return Object.entries(paths).flatMap(
    ([path, by]) =>
      Object.entries(by).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        path,
        operation: operation as unknown as Operation,
      })), // OpenAPI's own shape.
  )
}

describe('what the API promises', () => {
  test('every operation has its row, and says what it answers, what it refuses and how it is called', () => {
    const silent = operations.filter(({ operation }) => {
      const { operationId, summary, tags, responses } = operation
      const good = Object.entries(responses).filter(([status]) => status.startsWith('2'))
      const promised = good.length > 0 && good.every(([status, { content }]) => status === '204' || schemaIn(content))
      return !(operationId && summary && tags?.length && promised && REFUSED_ALWAYS.every((status) => responses[status]?.$ref))
    })
    expect(silent.map(({ name }) => name)).toEqual([])
    expect(operations.length).toBe(Object.keys(OPERATIONS).length)
  })

  test('an operation that takes a key refuses who has none, and the others say that they need none', () => {
    for (const { name, operation } of operations) {
      const isOpen = operation.security?.length === 0
      expect([name, operation.responses['401'] === undefined]).toEqual([name, isOpen && !ALSO_WITH_KEY.includes(name)])
    }
  })

  test('every operation says who it is for: a new one has its line in gateway/api/contract/access.ts', async () => {
    expect(unsaid(operations)).toEqual([])
    expect(NAMED.toSorted()).toEqual(
      Object.values(OPERATIONS)
        .map(({ id }) => id)
        .toSorted(),
    )
    expect(accessOf('createPayout', 'POST /v1/payouts')).toEqual({ who: 'party', right: 'payouts:write' })
    // One that nobody has said it of is found, and so is one that the description, and with it every test by the description, leaves out.
    const hidden: string[] = []
    const planted = await withApi(
      async (app) => operationsOf(app.swagger() as unknown as Description), // Its own document.
      (app) => {
        app.addHook('onRoute', ({ method, url, schema }) => {
          if (/^\/(?:v1|x402)\//.test(url) && schema && 'hide' in schema) hidden.push(`${method} ${url}`)
        })
        app.addHook('onRegister', (api) => {
          if (api.hasRoute({ method: 'GET', url: '/v1/secrets/:id' })) return
          api.get('/v1/secrets/:id', async () => ({}))
          api.get('/v1/secrets', { schema: { hide: true }, exposeHeadRoute: false }, async () => ({}))
        })
      },
    )
    expect(unsaid(planted)).toEqual(['GET /v1/secrets/{id}'])
    expect(hidden.filter((name) => !name.startsWith('OPTIONS '))).toEqual(['GET /v1/secrets'])
  })

  test('every promise is of an operation that there is, and names are of one operation each', () => {
    const there = new Set(operations.map(({ name }) => name.replaceAll(/{([a-z_0-9]+)}/g, ':$1')))
    expect(Object.keys(OPERATIONS).filter((name) => !there.has(name))).toEqual([])
    const ids = Object.values(OPERATIONS).map(({ id }) => id)
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
    for (const id of ids) expect(id).toMatch(/^[a-z]+[A-Za-z]*$/)
  })

  test('an operation that makes something takes an Idempotency-Key, and says so', () => {
    const takes = (name: string) =>
      operations.find((one) => one.name.replaceAll(/{([a-z_0-9]+)}/g, ':$1') === name)?.operation.parameters ?? []
    for (const [name, { idempotent }] of Object.entries(OPERATIONS))
      expect([name, takes(name).some((parameter) => parameter.name === 'idempotency-key')]).toEqual([name, idempotent !== undefined])
  })

  test('whatever can be made takes metadata of its maker and shows it, and what does not says why', () => {
    const wanting = (contract: Contract) =>
      Object.entries(contract).flatMap(([name, { takes, answers }]) => {
        const made = name.startsWith('POST ') ? answers['201'] : undefined
        return made && !(takes['body.metadata'] && made['body.metadata']) ? [name] : []
      })
    const now = reduced(description)
    expect(wanting(now)).toEqual(Object.keys(WITHOUT_METADATA).toSorted())
    const payout = now['POST /v1/payouts']!
    expect(wanting({ 'POST /v1/things': { takes: {}, answers: payout.answers } })).toEqual(['POST /v1/things'])
    expect(wanting({ 'POST /v1/things': { takes: payout.takes, answers: { 201: {} } } })).toEqual(['POST /v1/things'])
  })

  test('nothing that a client relies on has gone since it was approved, and what is new is approved', () => {
    const approved = JSON.parse(readFileSync(new URL('./approved.json', import.meta.url), 'utf8')) as Contract
    const now = reduced(description)
    expect(
      breaksOf(approved, now),
      'this breaks clients: keep it, or approve it with `npm run contract -- --break` and tell it in CHANGELOG.md',
    ).toEqual([])
    expect(now, 'run `npm run contract`').toEqual(approved)
  })
})

describe('the description', () => {
  test('has no trouble by the recommended rules of Redocly', async () => {
    const config = await createConfig({ extends: ['recommended'] })
    const troubles = await lintFromString({ source: JSON.stringify(description), absoluteRef: 'openapi.json', config })
    expect(troubles.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)).toEqual([])
    const { paths } = structuredClone(description)
    delete (paths['/v1/parties']!.post as Partial<Operation>).operationId
    const found = await lintFromString({ source: JSON.stringify({ ...description, paths }), absoluteRef: 'openapi.json', config })
    expect(found.map(({ ruleId }) => ruleId)).toEqual(['operation-operationId'])
  })

  test('shows of each answer an example that keeps the promise, and of each body one that its route reads', async () => {
    const bodies = new Map<string, ZodType>()
    await withApi(
      async () => undefined,
      (app) =>
        app.addHook('onRoute', ({ method, url, schema }) => {
          const body = (schema as { body?: ZodType } | undefined)?.body
          if (body) bodies.set(`${[method].flat()[0]} ${url}`, body)
        }),
    )
    for (const { name, operation } of operations) {
      const own = name.replaceAll(/{([a-z_0-9]+)}/g, ':$1')
      const { answers, body = bodies.get(own) } = OPERATIONS[own]!
      for (const [status, schema] of Object.entries(answers)) {
        const json = operation.responses[status]?.content?.['application/json']
        if (json) expect([name, status, schema.safeParse(json.example).error]).toEqual([name, status, undefined])
      }
      const sent = operation.requestBody?.content['application/json']
      expect([name, sent !== undefined]).toEqual([name, body !== undefined])
      if (sent) expect([name, body!.safeParse(sent.example).error]).toEqual([name, undefined])
    }
  })

  test('has a word for each group of operations, and no group without any', () => {
    const told = (description as { tags?: { name: string }[] }).tags!.map(({ name }) => name)
    expect(told.toSorted()).toEqual([...new Set(operations.flatMap(({ operation }) => operation.tags ?? []))].toSorted())
  })

  test('names the gateway as it is reached', () => {
    expect(describedAt('https://pay.example').servers).toEqual([{ url: 'https://pay.example', description: 'This gateway' }])
    expect(describedAt(undefined).servers).toEqual([{ url: '/', description: 'This gateway' }])
  })
})

describe('a promise that is broken is told with the operation and the field', () => {
  const party = {
    id: `pa_${'0'.repeat(32)}`,
    object: 'party',
    name: 'Heron',
    metadata: {},
    top_up_reference: null,
    balances: [],
    created_at: '2026-11-23T09:00:00.000Z',
  }
  const get = { method: 'GET', url: `/v1/parties/${party.id}?x=1`, status: 200 }

  test.each([
    ['as it was promised', party, undefined],
    ['with a field that nobody promised', { ...party, secret: 1 }, /GET \/v1\/parties\/:id 200: .*secret/],
    ['without a field', { ...party, name: undefined }, /name/],
    [
      'with an amount that is a number',
      { ...party, balances: [{ asset: 'USD', code: 'USD', available: 1.5, held: '0', coming: '0' }] },
      /balances\.0\.available/,
    ],
    ['with another time', { ...party, created_at: 1_800_000_000 }, /created_at/],
  ])('%s', (_, body, told) => {
    const broken = brokenPromise({ ...get, body })
    if (told) expect(broken).toMatch(told)
    else expect(broken).toBeUndefined()
  })

  test('a status that was not promised is one, a refusal is none', () => {
    expect(brokenPromise({ ...get, status: 202, body: party })).toMatch(/answered 202, which it does not promise/)
    expect(brokenPromise({ ...get, status: 404, body: {} })).toBeUndefined()
  })
})

describe('what breaks a client', () => {
  const field = (types: string[], required = true, values?: string[]) => ({ types, required, ...(values ? { values } : {}) })
  const was: Contract = {
    'POST /v1/things': {
      takes: { 'body.name': field(['string']), 'body.size': field(['number'], false), 'body.kind': field(['string'], false, ['a', 'b']) },
      answers: { 201: { 'body.id': field(['string']), 'body.note': field(['string'], false) } },
    },
  }
  const change = (takes: object, answers: object | null = {}) => {
    const before = was['POST /v1/things']!
    return {
      'POST /v1/things': {
        takes: { ...before.takes, ...takes },
        answers: answers ? { 201: { ...before.answers['201'], ...answers } } : {},
      },
    } as Contract
  }

  test.each<[string, Contract, string[]]>([
    ['nothing', was, []],
    ['a field more', change({ 'body.more': field(['string'], false) }, { 'body.more': field(['string']) }), []],
    ['a value more', change({ 'body.kind': field(['string'], false, ['a', 'b', 'c']) }), []],
    ['an operation that is gone', {}, ['POST /v1/things is gone']],
    ['an answer that is gone', change({}, null), ['POST /v1/things answers no 201 any more']],
    ['a field that must be sent', change({ 'body.more': field(['string']) }), ['POST /v1/things needs body.more now']],
    ['one that may be left out no more', change({ 'body.size': field(['number']) }), ['POST /v1/things needs body.size now']],
    ['a value less', change({ 'body.kind': field(['string'], false, ['a']) }), ['POST /v1/things takes no b as body.kind any more']],
    [
      'values where there was any',
      change({ 'body.name': field(['string'], true, ['x']) }),
      ['POST /v1/things takes no any body.name as body.name any more'],
    ],
    ['another type in', change({ 'body.size': field(['string'], false) }), ['POST /v1/things takes no number as body.size any more']],
    ['another type out', change({}, { 'body.id': field(['number']) }), ['POST /v1/things 201 has number as body.id now']],
    [
      'a field that is not always there',
      change({}, { 'body.id': field(['string'], false) }),
      ['POST /v1/things 201 has body.id not always any more'],
    ],
  ])('%s', (_, now, breaks) => {
    expect(breaksOf(was, now)).toEqual(breaks)
  })
})

describe('the version of the API', () => {
  test('is said by each answer, pinned by a client, and refused where there is none such', async () => {
    await withApi(async (app) => {
      const ask = async (version?: string, url = '/v1/rails') => {
        const answer = await app.inject({ url, headers: version === undefined ? {} : { 'switchyard-version': version } })
        return [answer.statusCode, answer.headers['switchyard-version'], answer.json<{ code?: string }>().code]
      }
      expect(await ask()).toEqual([200, API_VERSIONS[0], undefined])
      for (const version of API_VERSIONS) expect(await ask(version)).toEqual([200, version, undefined])
      for (const wrong of ['2020-01-01', 'newest', '', 'constructor']) expect(await ask(wrong)).toEqual([400, undefined, 'unknown_version'])
      expect(await ask(undefined, '/v1/parties')).toEqual([401, API_VERSIONS[0], 'unauthorized'])
      expect((await ask('2020-01-01', '/healthz'))[0]).toBe(200)
    })
  })
})
