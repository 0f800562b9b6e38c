import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkProofFile, disagreements, type SignedProof, writeProofFile } from '../../gateway/audit/reconcile/threeWay.ts'
import { localConfig, OPERATOR_KEY } from '../../test/localConfig.ts'
import { createUsBank } from '../../world/bank/us/usBank.ts'
import { openUsCounter } from '../../world/bank/us/usCounter.ts'
import { serve } from '../cli/serve.ts'
import { checkConfig } from '../config/config.ts'

const SOON = { timeout: 50_000, interval: 100 }
const ACCOUNT = { routing: '121042882', account: '1000000001', name: 'Yard', companyId: '1123456789', bankName: 'A bank' }

type Ready = Readonly<{ status: string; rails: readonly Readonly<{ rail: string; state: string; detail?: string }>[] }>
type Refusal = Readonly<{ code: string; detail?: string; title?: string }>
type Verification = Readonly<{ rails: readonly Readonly<{ account: string; verdict: string }>[] }>

test('an account in dollars opens when its folder is there, is in the books, and tells of a wrong account what is wrong', async () => {
  const base = mkdtempSync(join(tmpdir(), 'switchyard-us-bank-'))
  onTestFinished(() => rmSync(base, { recursive: true, force: true }))
  const folder = join(base, 'us')
  const usBank = { folder, account: ACCOUNT, sameDay: {}, pollMs: 20 }
  const server = await serve(checkConfig(localConfig(join(base, 'data'), { evm: [], usBank })))
  onTestFinished(() => server.close())
  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { authorization: `Bearer ${OPERATOR_KEY}`, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
    const response = await fetch(server.url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
    return (await response.json()) as T
  }
  const closed = { rail: 'bank:us', state: 'closed', detail: expect.stringMatching(/is not there.*usBank\.folder/) }
  expect(await call<Ready>('GET', '/readyz')).toMatchObject({ status: 'degraded', rails: [closed] })
  mkdirSync(folder)
  await expect.poll(async () => (await call<Ready>('GET', '/readyz')).status, SOON).toBe('ready')
  const { routing, account } = ACCOUNT
  const bank = createUsBank({ routing, account, openingCents: 500_00n, chargeCents: 0n, startDate: '2026-11-25' })
  await (await openUsCounter(folder, bank)).deliver([bank.opening()])
  const verdicts = async () => (await call<Verification>('GET', '/v1/verify')).rails.map((one) => `${one.account} ${one.verdict}`)
  await expect.poll(verdicts, SOON).toEqual(['rail:bank:us:account equal'])

  // The bank, the ledger and what is told, at the end of today as it stands now.
  const today = await call<SignedProof>('GET', `/v1/reconciliation_proofs/${new Date().toISOString().slice(0, 10)}`)
  expect(disagreements(today.proof)).toEqual([])
  expect(today.proof.rails).toMatchObject([{ account: 'rail:bank:us:account', rail: '500000000', ledger: '500000000' }])
  expect((await call<Refusal>('GET', '/v1/reconciliation_proofs/2020-02-02')).code).toBe('not_found')
  const pem = await (await fetch(`${server.url}/.well-known/switchyard/receipt-key.pem`)).text()
  expect(checkProofFile(writeProofFile(today), pem)).toMatchObject({ signed: true, disagreements: [] })

  const { id: party } = await call<{ id: string }>('POST', '/v1/parties', { name: 'seller' })
  const pay = (about: object) => {
    const to = {
      kind: 'us_account',
      routing_number: '021000021',
      account_number: '123456789',
      account_type: 'checking',
      name: 'Mia Weber',
      ...about,
    }
    return call<Refusal>('POST', '/v1/payouts', { party, amount: { asset: 'EUR', amount: '1' }, destinations: [to] })
  }
  expect(JSON.stringify(await pay({ routing_number: '021000022' }))).toMatch(/no routing number/)
  expect((await pay({ routing_number: routing, account_number: account })).code).toBe('own_account')
  expect((await pay({})).code).toBe('insufficient_balance')
})
