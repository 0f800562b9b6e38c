import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runWords } from '../../app/cli/program.ts'
import { writeLocalState } from '../../world/localState.ts'
import { balanceOf, control, partyWith, startYard, until, verified, type Yard } from '../e2e/yard.ts'

type Happened = { trigger: string; state: string; ids: Record<string, string>; look: string[] }

let yard: Yard
let hanging = ''
/** Payouts whose payee lets them wait, begun early because a gateway waits itself before it calls one unknown. */
let waiting = { party: '', taken: '', back: '' }
const [before, folder] = [process.cwd(), mkdtempSync(join(tmpdir(), 'switchyard-trigger-'))]
beforeAll(async () => {
  yard = await startYard({ chains: 1 })
  const { lightning, bank, chains } = yard.world
  const { closedIban: closed, returnedIban: returned, silentIban: silent } = bank.rules
  process.chdir(folder)
  writeLocalState({
    url: yard.url(),
    key: yard.key,
    route: yard.route(),
    split: yard.split(),
    dataDir: yard.dataDir,
    world: {
      chains,
      lightningUrl: lightning.controlUrl,
      lightningAddress: lightning.customer.address,
      bankUrl: bank.controlUrl,
      customers: chains[0].customers,
      bankCustomers: bank.customers,
      bankFates: { closed, returned, silent },
    },
  })
}, 90_000)
afterAll(async () => {
  process.chdir(before)
  rmSync(folder, { recursive: true, force: true })
  await yard?.close()
}, 30_000)

async function trigger(what: string): Promise<Happened> {
  const printed: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
  try {
    expect(await runWords(['trigger', what, '--json'], { name: 'switchyard' })).toBe(0)
  } finally {
    log.mockRestore()
  }
  return JSON.parse(printed.join('\n')) as Happened
}
const read = async <T>(path: string) => (await yard.call<T>('GET', path)).body
type Offered = { offers: { rail: string; pay: { invoice?: string } }[] }
const newIntentOf = async (payee: string) =>
  (await yard.call<Offered>('POST', '/v1/payment_intents', { body: { amount: { asset: 'USD', amount: '1' }, payee } })).body
type Stands = { status: string; attempts?: object[]; failure?: { reasons: object[] } }
const becomes = (id: string, status: string) =>
  until(
    `${id} to be ${status}`,
    async () => {
      const now = await read<Stands>(`/v1/payouts/${id}`)
      return now.status === status && now
    },
    90_000,
  )
const typesOf = async (subject: string) =>
  (await read<{ data: { type: string }[] }>(`/v1/events?subject=${subject}&limit=100`)).data.map(({ type }) => type)

describe('switchyard trigger', () => {
  test.each([
    ['paid', 'settled', { status: 'settled', exception: 'none' }],
    ['partial', 'paid_partial', { status: 'open', exception: 'paid_partial' }],
    ['over', 'paid_over', { status: 'settled', surplus: [{ reason: 'paid_over' }] }],
    ['late', 'paid_late', { status: 'expired', exception: 'paid_late' }],
    ['expired', 'expired', { status: 'expired', exception: 'none', surplus: [] }],
  ])('%s ends as %s, in the books and in the events', async (what, state, expected) => {
    const told = await trigger(what)
    expect(told).toMatchObject({ trigger: what, state })
    const id = told.ids.payment_intent!
    expect(await read(`/v1/payment_intents/${id}`)).toMatchObject(expected)
    expect((await typesOf(id)).length).toBeGreaterThan(1)
    expect(await (await fetch(told.look[0]!)).text()).toContain(id)
  })

  test('the destinations with a fate are those of the page, and who has none and who refuses is paid nothing', async () => {
    const page = readFileSync(new URL('../../docs/test-mode.md', import.meta.url), 'utf8')
    for (const iban of Object.values(yard.world.bank.rules)) expect(page).toContain(`\`${iban}\``)
    const { id: party, key } = await partyWith(yard, { name: 'payer', eur: '2' })
    const { invoice } = (await newIntentOf(party)).offers.find(({ rail }) => rail === 'lightning')!.pay
    await control(yard.world.lightning.controlUrl, '/pay', { invoice })
    await until('the funds', async () => (await balanceOf(yard, party, 'USDC')) === '1')
    const payTo = async (destination: object) => {
      const body = { party, amount: { asset: 'USDC', amount: '0.3' }, destinations: [destination] }
      return (await yard.call<{ id: string }>('POST', '/v1/payouts', { body, key })).body.id
    }
    const address = (name: string) => {
      expect(page).toContain(`\`${name}@\``)
      return { kind: 'lightning_address', address: `${name}@${yard.world.lightning.customer.address.split('@')[1]}` }
    }
    const nobody = { kind: 'lightning_node', node_id: `02${'79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'}` }
    await becomes(await payTo(nobody), 'failed')
    const refused = await becomes(await payTo(address('refuses')), 'failed')
    expect(refused.failure?.reasons).toMatchObject([{ reason: 'rejected_by_payee', detail: expect.stringContaining('takes no payments') }])
    const blacklisted = /`evm_address` `(0x\w{40})`/.exec(page)![1]
    const reverts = await becomes(await payTo({ kind: 'evm_address', address: blacklisted }), 'failed')
    expect(reverts.failure?.reasons).toMatchObject([{ rail: 'evm:31337', detail: 'the token blocks one of the accounts' }])
    expect(await balanceOf(yard, party, 'USDC')).toBe('1')
    waiting = { party, taken: await payTo(address('holds')), back: await payTo(address('holds-and-fails')) }
  })

  test('refunded gives a payment back to who paid', async () => {
    const { state, ids } = await trigger('refunded')
    expect(state).toBe('succeeded')
    expect(await read(`/v1/refunds/${ids.refund}`)).toMatchObject({ status: 'succeeded' })
  })

  test('reorg takes back what the chain takes back, and books it once when it lands again', async () => {
    const { ids, state } = await trigger('reorg')
    expect([state, ids.booked_again === ids.taken_back]).toEqual(['booked_again', false])
    expect(await typesOf(ids.taken_back!)).toContain('settlement.taken_back')
    const intent = await read<{ party: string }>(`/v1/payment_intents/${ids.payment_intent}`)
    expect(intent).toMatchObject({ status: 'settled', paid: { rail: 'evm:31337' }, surplus: [] })
    await until('one dollar, once', async () => (await balanceOf(yard, intent.party, 'USDC')) === '1')
  })

  test('rail-down lets the router go around a chain whose node is silent, and back to it', async () => {
    const { ids, state, look } = await trigger('rail-down')
    expect([state, ids.rail, ids.instead]).toEqual(['went_around', 'evm:31337', 'bank'])
    type Decided = { candidates: { rail: string; verdict: string; reason?: string }[] }
    const { candidates } = await read<Decided>(look[0]!.replace('GET ', ''))
    expect(candidates.find(({ rail }) => rail === 'evm:31337')).toMatchObject({ reason: 'no_answer' })
    const railOf = async (payout: string | undefined) => (await read<{ rail: string }>(`/v1/payouts/${payout}`)).rail
    expect([await railOf(ids.before), await railOf(ids.meanwhile), await railOf(ids.after)]).toEqual(['evm:31337', 'bank', 'evm:31337'])
  })

  test.each([
    ['payout-fails', 'failed'],
    ['payout-returns', 'returned'],
    ['payout-hangs', 'outcome_unknown'],
  ])('%s ends as %s', async (what, state) => {
    const { ids, ...told } = await trigger(what)
    if (what === 'payout-hangs') hanging = ids.payout!
    expect(told.state).toBe(state)
    expect(await read(`/v1/payouts/${ids.payout}`)).toMatchObject({ status: state })
    if (state !== 'returned') return
    const meaning = { words: 'the payee’s bank refuses it, and does not say why', next: 'ask' }
    expect(await read(`/v1/payouts/${ids.payout}`)).toMatchObject({ returned: { reason: 'MS03', meaning } })
    const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const list = ['payouts', 'returned', '--url', yard.url(), '--key', yard.key]
    expect(await runWords(list, { name: 'switchyard' })).toBe(0)
    const said = printed.mock.calls.join('\n')
    printed.mockRestore()
    expect(said).toMatch(new RegExp(`${ids.payout}.*\\n    MS03: ${meaning.words}. ask the payee`))
  })

  test('a Lightning payment that was let wait is unknown until its payee takes it or gives it back', async () => {
    const { party, taken, back } = waiting
    for (const id of [taken, back]) await becomes(id, 'outcome_unknown')
    expect(await balanceOf(yard, party, 'USDC')).toBe('0.4')
    await yard.call('POST', '/v1/test/clock/advance', { body: { by_s: 300 } })
    await becomes(taken, 'settled')
    // Its payee's server is asked for a fresh invoice, which waits as long as the first.
    const first = { rail: 'lightning', outcome: 'failed', again: { change: 'fresh_invoice' } }
    const second = { rail: 'lightning', changed: ['fresh_invoice'] }
    await until(`${back} to wait again`, async () => {
      const { attempts } = await read<{ attempts: unknown[] }>(`/v1/payouts/${back}`)
      return attempts.length === 2
    })
    await becomes(back, 'outcome_unknown')
    await yard.call('POST', '/v1/test/clock/advance', { body: { by_s: 300 } })
    expect((await becomes(back, 'failed')).attempts).toMatchObject([first, { ...second, outcome: 'failed' }])
    expect(await balanceOf(yard, party, 'USDC')).toBe('0.7')
  }, 200_000)

  describe('the panel of the page', () => {
    const make = async () => {
      const { id } = await yard.call<{ id: string }>('POST', '/v1/parties', { body: { name: 'panel seller' } }).then(({ body }) => body)
      const body = { amount: { asset: 'USD', amount: '1' }, payee: id }
      return (await yard.call<{ id: string }>('POST', '/v1/payment_intents', { body })).body.id
    }
    const play = (id: string, what: string) => yard.call('POST', `/pay/${id}/test`, { body: { play: what }, key: null })
    const plays = async (id: string) =>
      [...(await (await fetch(`${yard.url()}/pay/${id}`)).text()).matchAll(/data-play="(\w+)"/g)].map(([, name]) => name)

    test('has each thing that can still happen, and makes it happen over the real rails', async () => {
      const [one, two] = [await make(), await make()]
      expect(await plays(one)).toEqual(['pay', 'half', 'over', 'late', 'expire'])
      expect((await play(one, 'half')).body).toEqual({ status: 'open', exception: 'paid_partial' })
      expect((await play(one, 'pay')).body).toEqual({ status: 'settled', exception: 'paid_partial' })
      expect(await read(`/v1/payment_intents/${one}`)).toMatchObject({ paid: { rail: 'lightning' }, surplus: [{ reason: 'paid_partial' }] })
      expect(await plays(one)).toEqual(['over'])
      expect((await play(two, 'expire')).body).toEqual({ status: 'expired', exception: 'none' })
      expect(await plays(two)).toEqual(['late'])
      expect((await play(two, 'late')).body).toEqual({ status: 'expired', exception: 'paid_late' })
      expect((await play(await make(), 'over')).body).toEqual({ status: 'settled', exception: 'paid_over' })
    })

    test('does nothing for a form of another page, an intent that is none, or another word', async () => {
      const id = await make()
      const body = new URLSearchParams({ play: 'pay' })
      expect((await fetch(`${yard.url()}/pay/${id}/test`, { method: 'POST', body })).status).toBe(415)
      expect((await play(id, 'constructor')).status).toBe(400)
      expect((await play(`pi_${'0'.repeat(32)}`, 'pay')).status).toBe(404)
      expect(await read(`/v1/payment_intents/${id}`)).toMatchObject({ status: 'open', surplus: [] })
    })
  })

  test('says what there is, and does nothing for another word', async () => {
    const events = await read<{ data: { id: string }[] }>('/v1/events?limit=100')
    await expect(runWords(['trigger', 'constructor'], { name: 'switchyard' })).rejects.toThrow(/paid, late, partial, over, expired/)
    expect(await read('/v1/events?limit=100')).toEqual(events)
  })

  test('leaves the books whole: what hangs is under way, and nothing else differs from its rail', async () => {
    for (let cycles = 0; cycles < 2; cycles++) await control(yard.world.bank.controlUrl, '/cycle', {})
    expect(hanging).toMatch(/^po_/)
    expect(await read(`/v1/payouts/${hanging}`)).toMatchObject({ status: 'outcome_unknown' })
    await until('all but the bank agree', async () => {
      const { rails } = await verified(yard)
      return rails.every(({ account, verdict }) => verdict === 'equal' || (account.startsWith('rail:bank') && verdict === 'in_flight'))
    })
  })
})
