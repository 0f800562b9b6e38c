import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runWords } from '../../app/cli/program.ts'
import { control, partyWith, startYard, until, type Yard } from './yard.ts'

const verb = { run: (words: readonly string[]) => runWords(['lightning', ...words], { name: 'switchyard' }) }

/** A public key that no node of the network has: the generator of secp256k1. */
const STRANGER = '0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'

let yard: Yard
beforeAll(async () => {
  yard = await startYard({ chains: 1 })
})
afterAll(() => yard?.close())

async function lightning(...words: string[]): Promise<{ code: number; printed: string }> {
  let printed = ''
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => {
    printed += `${line}\n`
  })
  try {
    const code = await verb.run([...words, '--url', yard.url(), '--key', yard.key])
    return { code, printed }
  } finally {
    log.mockRestore()
  }
}

type View = {
  liquidity: { outbound_msat: string; inbound_msat: string; inbound_hours_left?: string }
  received_last_day: { count: number; msat: string }
  sent_last_day: { settled: number; fee_ppm?: string }
  channels: { local_msat: string; remote_msat: string }[]
}
const view = async () => JSON.parse((await lightning('status', '--json')).printed) as View // The command's own JSON.
const door = <T>(path: string, body: unknown) => control<T>(yard.world.lightning.controlUrl, path, body)

describe('switchyard lightning', () => {
  test('shows the channel as the router opened it: 10 million satoshi, half of them ours', async () => {
    const { channels, liquidity } = await view()
    expect(channels).toHaveLength(1)
    expect(BigInt(channels[0]!.local_msat)).toBe(5_000_000_000n)
    // The router funded it, and pays its fees out of its side.
    expect(BigInt(channels[0]!.remote_msat)).toBeLessThanOrEqual(5_000_000_000n)
    expect(BigInt(liquidity.outbound_msat)).toBe(4_900_000_000n)
    expect((await lightning('channels')).printed).toContain('4 900 000')
  })

  test('counts what came in and what it means for inbound liquidity, and what was sent and cost', async () => {
    const { id } = await partyWith(yard, { name: 'seller' })
    const intent = await yard.call<{ offers: { rail: string; pay: { invoice?: string } }[] }>('POST', '/v1/payment_intents', {
      body: { amount: { asset: 'USD', amount: '2' }, payee: id },
    })
    await door('/pay', { invoice: intent.body.offers.find((o) => o.rail === 'lightning')!.pay.invoice })
    const came = await until('the payment', async () => {
      const now = await view()
      return now.received_last_day.count === 1 && now
    })
    expect(came.received_last_day.msat).toBe('2000000')
    expect(BigInt(came.liquidity.inbound_hours_left!)).toBeGreaterThan(1_000n)

    const { invoice } = await door<{ invoice: string }>('/invoice', { amountMsat: '1000000', description: 'payout' })
    const quoted = await lightning('probe', invoice, '1000000')
    expect(quoted).toMatchObject({
      code: 0,
      printed: expect.stringMatching(/^fee +\d+ msat \(limit \d+\)\nsuccess +9\d %.*\nroute +2 hops, locked for \d+ blocks at most/),
    })
    const payout = await yard.call<{ id: string }>('POST', '/v1/payouts', {
      body: { party: id, amount: { asset: 'USDC', amount: '1' }, destinations: [{ kind: 'lightning_invoice', invoice }] },
    })
    await until(
      'the payout',
      async () => (await yard.call<{ status: string }>('GET', `/v1/payouts/${payout.body.id}`)).body.status === 'settled',
    )
    const after = await view()
    expect(after.sent_last_day).toMatchObject({ settled: 1, fee_ppm: expect.stringMatching(/^\d+$/) })
    expect((await lightning('status')).printed).toContain('1 settled, 0 failed')
  })

  test('has nothing stuck, and says what it can not quote', async () => {
    expect(await lightning('stuck')).toEqual({ code: 0, printed: 'nothing is stuck\n' })
    const { printed, code } = await lightning('probe', STRANGER, '1000')
    expect({ code, printed }).toEqual({ code: 1, printed: expect.stringContaining('not possible: no_route') })
    await expect(lightning('probe', 'lnbcrt1nonsense1nonsense1', '1000')).rejects.toThrow('answered 400')
  })

  test('is for the operator alone', async () => {
    const { key } = await partyWith(yard, { name: 'curious' })
    expect((await yard.call('GET', '/v1/lightning', { key })).status).toBe(403)
    expect((await yard.call('POST', '/v1/lightning/quote', { key, body: { node: STRANGER, amount_msat: '1' } })).status).toBe(403)
  })
})
