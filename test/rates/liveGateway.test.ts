import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openSqliteJournal } from '../../adapters/journal/sqlite/openSqliteJournal.ts'
import { serve } from '../../app/cli/serve.ts'
import { checkConfig } from '../../app/config/config.ts'
import { decodeBlock } from '../../gateway/ledger/journal/blockData.ts'
import type { Fact } from '../../gateway/ports/books.ts'
import { BANK_ACCOUNT, localConfig, OPERATOR_KEY } from '../localConfig.ts'
import { playExchanges } from './playedExchanges.ts'

type Rate = {
  asset: string
  status: string
  value?: string
  snapshot?: string
  sources: { source: string; verdict: string; fault?: string }[]
}
type Intent = { id: string; offers: { amount: { amount: string } }[] }

/** Every fact of a journal, in its order. */
async function factsIn(dataDir: string): Promise<Fact[]> {
  const journal = openSqliteJournal(join(dataDir, 'journal.db'))
  const facts: Fact[] = []
  for await (const block of journal.read(0)) facts.push(...decodeBlock(block.data).submissions.flatMap((s) => s.facts ?? []))
  await journal.close()
  return facts
}

test('a gateway prices by exchanges, writes first by what, and refuses when they are silent for too long', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-rates-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'bank'))
  let ahead = 0
  const played = await playExchanges({ now: () => Date.now() + ahead })
  const bank = { folder: join(folder, 'bank'), account: BANK_ACCOUNT, feeEur: '0.10' }
  const steps: string[] = []
  const dataDir = join(folder, 'data')
  const rates = { urls: played.urls, ecb: { url: played.ecb } }
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
  played.publish({ [yesterday]: { USD: '1.2500', GBP: '0.8000' } })
  const config = checkConfig({ ...localConfig(dataDir, { bank }), prices: undefined, rates, reportingCurrency: 'GBP' })
  const { url, close } = await serve(config, { onStep: (step) => steps.push(step) })
  const call = async <T>(path: string, { body, as = OPERATOR_KEY }: { body?: object; as?: string } = {}) => {
    const headers = {
      authorization: `Bearer ${as}`,
      ...(body && { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }),
    }
    const answer = await fetch(`${url}${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers })
    const key = answer.headers.get('switchyard-api-key') ?? ''
    return { status: answer.status, key, body: (await answer.json()) as T } // As the contract has it.
  }
  try {
    expect(steps.find((step) => step.startsWith('prices: '))).toContain('BTC 97000 USD, by 4 of 4 exchanges')
    const { body: party, key } = await call<{ id: string }>('/v1/parties', { body: { name: 'seller' } })
    const asked = { payee: party.id, amount: { asset: 'USD', amount: '108' }, expires_in_s: 604_800 }
    const made = await call<Intent>('/v1/payment_intents', { body: asked })
    expect([made.status, made.body]).toEqual([201, expect.anything()])
    expect(made.body.offers[0]!.amount.amount).toBe('100')
    const shown = await call<{ data: Rate[] }>('/v1/rates', { as: key })
    const euro = shown.body.data.find(({ asset }) => asset === 'EUR')!
    expect(euro).toMatchObject({ status: 'live', value: expect.stringMatching(/^1\.08/), snapshot: expect.stringMatching(/^rt_/) })
    expect((await call('/v1/rates', { as: 'sk_nobody_at_all_here' })).status).toBe(401)

    const sheet = await call('/v1/balance_sheet')
    expect(sheet).toMatchObject({ status: 200, body: { currency: 'GBP', currency_rates: { source: 'ecb', date: yesterday } } })
    expect((await call<{ code: string }>('/v1/balance_sheet?rates_of=2020-01-01')).body.code).toBe('invalid_request')

    for (const name of ['kraken', 'coinbase', 'bitstamp', 'gemini'] as const) played.fault(name, 'down')
    ahead = 3_600_000
    expect((await call('/v1/test/clock/advance', { body: { by_s: 3_600 } })).status).toBe(200)
    const refused = await call<{ code: string; hint: string }>('/v1/payment_intents', { body: asked })
    expect([refused.status, refused.body.code]).toEqual([503, 'rate_unavailable'])
    expect(refused.body.hint).toContain('GET /v1/rates')
    const sources = async (as: string) => (await call<{ data: Rate[] }>('/v1/rates', { as })).body.data[0]!.sources
    await expect.poll(async () => (await sources(OPERATOR_KEY))[0]?.fault).toBe('kraken answers 500')
    // What is wrong with a market may name an address of the operator's.
    expect((await sources(key)).some(({ fault }) => fault !== undefined)).toBe(false)
    const { problems } = (await call<{ problems: { rail: string; what: string }[] }>('/v1/suspense')).body
    expect(problems).toContainEqual(expect.objectContaining({ rail: 'rates', what: 'rate_unavailable' }))
  } finally {
    await close()
  }
  const facts = await factsIn(dataDir)
  const [used, created] = ['rates.used', 'intent.created'].map((type) => facts.findIndex((fact) => fact.type === type))
  expect(used).toBeGreaterThanOrEqual(0)
  expect(used).toBeLessThan(created!)
  const { rates: named } = facts[created!]!.data.decision as { rates: { source: string }[] }
  expect(named.map(({ source }) => source)).toContain(facts[used!]!.id)
}, 60_000)
