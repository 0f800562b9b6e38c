import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { disagreements, type SignedProof } from '../../gateway/audit/reconcile/threeWay.ts'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { byLightning, byX402, carryOut, fromBalance } from './traffic.ts'
import { partyWith, startYard, until, verified, type Yard } from './yard.ts'

// One day of a gateway on every rail: what parties are told, what a bookkeeper gets, the balance sheet and the day's proof say the same, to the unit.
const CLI = join(import.meta.dirname, '../../app/cli/main.ts')
const DAY_MS = 86_400_000
const SCALES: Readonly<Record<string, number>> = { BTC: 11, ETH: 18 }

let yard: Yard
let folder: string
let payer: { id: string; key: string }
let shop: { id: string; key: string }
let [from, to] = ['', '']
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-statements-'))
  yard = await startYard({ chains: 1 })
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  ;[from, to] = [day(Date.now() - DAY_MS), day(Date.now() + DAY_MS)]
  payer = await partyWith(yard, { name: 'payer', eur: '20.00' })
  shop = await partyWith(yard, { name: 'shop' })
  for (const errand of [fromBalance(yard, payer.key), byX402(yard), byLightning(yard), fromBalance(yard, payer.key)])
    await carryOut(errand, () => undefined)
  const { iban } = yard.world.bank.customers[0]!
  const out = {
    party: payer.id,
    amount: { asset: 'EUR', amount: '2' },
    destinations: [{ kind: 'iban', iban, name: 'Payee' }],
    reference: '=rent',
    fee_bearer: 'payer',
  }
  const payout = await yard.call<{ id: string }>('POST', '/v1/payouts', { body: out })
  await until('the payout', async () => (await yard.call('GET', `/v1/payouts/${payout.body.id}`)).body.status === 'settled')
  const wanted = { amount: { asset: 'USD', amount: '1' }, payee: shop.id, description: 'a book', order_id: 'A-17' }
  const intent = await yard.call<{ id: string }>('POST', '/v1/payment_intents', { body: wanted })
  const paid = await yard.call<{ receipt: string }>('POST', `/v1/payment_intents/${intent.body.id}/pay`, {
    key: payer.key,
    body: { rail: 'book' },
  })
  const back = await yard.call('POST', '/v1/refunds', {
    key: shop.key,
    body: { payment: paid.body.receipt, amount: { asset: 'EUR', amount: '0.25' } },
  })
  expect([paid.status, back.status, back.body]).toEqual([200, 201, expect.anything()])
  await verified(yard)
}, 150_000)
afterAll(async () => {
  await yard?.close()
  rmSync(folder, { recursive: true, force: true })
}, 30_000)

function switchyard(...words: string[]): { code: number | null; text: string } {
  const run = spawnSync(process.execPath, [...NODE_FLAGS, CLI, ...words, '--url', yard.url(), '--key', yard.key], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { code: run.status, text: `${run.stdout}${run.stderr}` }
}
const units = (text: string, asset: string) => {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
  const size = BigInt(whole + fraction.padEnd(SCALES[asset] ?? 6, '0'))
  return text.startsWith('-') ? -size : size
}

type Movement = {
  kind: string
  amount: string
  asset: string
  asset_id: string
  balance: string
  of: string
  reference: string
  description: string
  worth: { amount: string } | null
}
type Statement = { status: string; balances: { asset: string; asset_id: string; closing: string }[]; data: Movement[] }
const statementOf = async (party: string) => {
  const { body, status } = await yard.call<Statement>('GET', `/v1/statements?party=${party}&from=${from}&to=${to}&limit=200`)
  expect(status).toBe(200)
  return body
}
type Row = Readonly<{
  entry: string
  account: string
  account_name: string
  debit: string
  credit: string
  asset: string
  asset_id: string
}>
let rows: Row[]

/** Rows of the accounting journal, as the command has written them. */
function journalRows(...words: string[]): Row[] {
  const file = join(folder, `${crypto.randomUUID()}.csv`)
  const run = switchyard('ledger', 'accounting', '--from', from, '--to', to, '--file', file, ...words)
  expect(run).toMatchObject({ code: 0, text: expect.stringContaining(file) })
  const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\r\n')
  const names = head!.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])) as Row)
}
const groupOf = (path: string) => (/^(?:rail|transit|suspense|fee|fx|capital):/.test(path) ? path : path.slice(0, path.indexOf(':')))
/** Credits less debits of the journal, by a name for each row. */
function nets(nameOf: (row: Row) => string): Map<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const row of rows) {
    const name = nameOf(row)
    sums.set(name, (sums.get(name) ?? 0n) + units(row.credit || '0', row.asset) - units(row.debit || '0', row.asset))
  }
  return sums
}

describe('one day', () => {
  test('a statement tells each movement of a party, and ends at its balance', async () => {
    const { data, balances, status } = await statementOf(payer.id)
    expect(status).toBe('preliminary')
    const kinds = data.map(({ kind }) => kind)
    for (const kind of ['top_up', 'payment', 'payout', 'fee']) expect(kinds).toContain(kind)
    expect(data.find(({ kind }) => kind === 'payout')).toMatchObject({ amount: '-2', reference: '=rent' })
    const { body } = await yard.call<{ balances: { code: string; balance?: string }[] }>('GET', `/v1/parties/${payer.id}`)
    expect(body.balances.map(({ code }) => code)).toEqual(expect.arrayContaining(balances.map(({ asset }) => asset)))
    const sold = await statementOf(shop.id)
    expect(sold.data[0]).toMatchObject({ kind: 'payment', amount: '1', reference: 'A-17', description: 'a book', worth: { amount: '1' } })
    expect(sold.data.find(({ kind }) => kind === 'refund')).toMatchObject({ amount: '-0.27', of: expect.stringMatching(/^rf_/) })
    const file = join(folder, 'statement.csv')
    expect(switchyard('ledger', 'statement', payer.id, '--from', from, '--to', to, '--file', file).code).toBe(0)
    expect(readFileSync(file, 'utf8')).toContain("'=rent")
  })

  test('the journal has what the balance sheet has, group by group, and all that the operator owes parties is in their statements', async () => {
    rows = journalRows()
    type Sheet = {
      assets: {
        asset: string
        asset_id: string
        held: string
        owed: string
        own: string
        lines: { accounts: string; side: string; amount: string }[]
      }[]
    }
    const { body } = await yard.call<Sheet>('GET', '/v1/balance_sheet')
    const byGroup = nets(({ account, asset_id }) => `${groupOf(account)} ${asset_id}`)
    const shown = body.assets.flatMap(({ asset, asset_id, lines }) =>
      lines.map(({ accounts, side, amount }) => [`${accounts} ${asset_id}`, units(amount, asset) * (side === 'held' ? -1n : 1n)] as const),
    )
    expect(new Map([...byGroup].filter(([, net]) => net !== 0n))).toEqual(new Map(shown))
    const owed = new Map<string, bigint>()
    const parties = new Set(rows.map(({ account }) => /^party:(pa_[0-9a-f]{32})$/.exec(account)?.[1]).filter((id) => id !== undefined))
    expect(parties.size).toBeGreaterThan(3)
    for (const party of parties)
      for (const { asset, asset_id, closing } of (await statementOf(party)).balances)
        owed.set(asset_id, (owed.get(asset_id) ?? 0n) + units(closing, asset))
    expect([...owed].filter(([, sum]) => sum !== 0n)).toEqual(
      expect.arrayContaining(shown.filter(([name]) => name.startsWith('party ')).map(([name, sum]) => [name.slice('party '.length), sum])),
    )
  })

  test('each entry’s debits are its credits, in each asset', () => {
    const sums = nets(({ entry, asset_id }) => `${entry} ${asset_id}`)
    expect([...sums.values()].every((sum) => sum === 0n)).toBe(true)
    expect(sums.size).toBeGreaterThan(10)
  })

  test('the proof of the day agrees, and its ledger and what it was told are those of the journal', async () => {
    const { body } = await yard.call<SignedProof>('GET', `/v1/reconciliation_proofs/${new Date().toISOString().slice(0, 10)}`)
    expect(disagreements(body.proof)).toEqual([])
    rows = journalRows('--zone', 'UTC')
    const byAccount = nets(({ account, asset_id }) => `${account} ${asset_id}`)
    expect(body.proof.rails.length).toBeGreaterThan(3)
    for (const { account, asset, ledger } of body.proof.rails)
      expect([account, -(byAccount.get(`${account} ${asset}`) ?? 0n)]).toEqual([account, BigInt(ledger)])
    const byGroup = nets(({ account, asset_id }) => `${groupOf(account)} ${asset_id}`)
    for (const { asset, told } of body.proof.assets)
      for (const { owner, units: said } of told)
        if (byGroup.has(`${owner} ${asset}`)) expect([owner, byGroup.get(`${owner} ${asset}`)]).toEqual([owner, BigInt(said)])
  })

  test('profit and what the owner brought are how the operator’s own differs from before, and it is the balance sheet’s', async () => {
    type Profit = {
      own_before: string
      own_after: string
      profit: string
      owner: string
      unpriced: string[]
      lines: { source: string }[]
      assets: { asset: string; asset_id: string; own_before: string; own_after: string }[]
    }
    const { body } = await yard.call<Profit>('GET', `/v1/ledger/profit?from=${from}&to=${to}`)
    const sheet = await yard.call<{ assets: { asset: string; asset_id: string; own: string }[] }>('GET', '/v1/balance_sheet')
    const own = sheet.body.assets.map(({ asset_id, own: amount }) => [asset_id, amount])
    expect(body.assets.map(({ asset_id, own_after }) => [asset_id, own_after]).sort()).toEqual(own.sort())
    expect(body.assets.every(({ own_before }) => own_before === '0')).toBe(true)
    expect(units(body.own_after, 'USD')).toBe(units(body.profit, 'USD') + units(body.owner, 'USD'))
    expect(new Set(body.lines.map(({ source }) => source))).toEqual(new Set(['owner', 'conversion', 'fees_earned', 'fees_paid']))
    expect(switchyard('ledger', 'profit', '--from', from, '--to', to)).toMatchObject({ code: 0, text: expect.stringMatching(/own after/) })
  })

  test('the bookkeeper’s accounts are a file, and one that lacks some is refused by their names', () => {
    const file = join(folder, 'accounts')
    writeFileSync(file, '# mine\nparty=1600\nrail=1000\n')
    const refused = switchyard('ledger', 'accounting', '--from', from, '--to', to, '--accounts', file)
    expect(refused).toMatchObject({ code: 1, text: expect.stringContaining('fee:charged (EUR)') })
    const kinds = [...new Set(rows.map(({ account }) => account.slice(0, account.indexOf(':'))))]
    writeFileSync(file, ['# mine', '', ...kinds.map((kind, i) => `${kind}=${1_000 + i}`), 'party@EUR=1601'].join('\n'))
    const mapped = journalRows('--accounts', file)
    expect(mapped.length).toBeGreaterThanOrEqual(rows.length)
    for (const { account, account_name, asset } of mapped)
      expect(account).toBe(
        account_name.startsWith('party:') && asset === 'EUR'
          ? '1601'
          : `${1_000 + kinds.indexOf(account_name.slice(0, account_name.indexOf(':')))}`,
      )
  })
})
