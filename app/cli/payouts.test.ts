import { expect, onTestFinished, test, vi } from 'vitest'
import { to } from '../../test/payout/payoutWorld.ts'
import { KEYS, openSuspenseWorld } from '../../test/payout/suspenseWorld.ts'
import { verb } from './payouts.ts'

test('lists what no rail will end with why, and ends it, or says that another operator must agree', async () => {
  const w = await openSuspenseWorld()
  const url = await w.app.listen({ port: 0, host: '127.0.0.1' })
  const printed: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
  onTestFinished(() => log.mockRestore())
  const run = async (...words: string[]) => {
    printed.length = 0
    const code = await verb.run([...words, '--url', url, '--key', KEYS.operator])
    return { code, text: printed.join('\n') }
  }
  const why = ['--reason', 'the bank has told us']
  const pay = async (units: bigint) => {
    const amount = { asset: w.suspense.list()[0]!.item.amount.asset, units }
    const order = { source: w.source, amount, destinations: [to.iban], reference: 'r', createdBy: 'test' }
    const { id } = await w.payouts.create(order)
    await expect.poll(() => w.payouts.get(id).attempts[0]?.outcome, { timeout: 15_000 }).toMatch(/unknown|settled/)
    return id
  }
  expect(await run('stuck')).toMatchObject({ code: 0, text: 'no payment is stuck' })
  await pay(1_000_000n)
  w.bank.manner = 'stuck'
  const [small, large] = [await pay(2_000_000n), await pay(47_000_000n)]
  const found = await run('stuck')
  expect(found.code).toBe(1)
  const [first, second] = [small, large].map((id) => w.payouts.get(id).attempts[0]!.id)
  expect(found.text).toContain(`${large} ${second}  bank  47 EUR`)
  expect(found.text.match(/po_/g)).toHaveLength(2)
  await expect(run('end', small, first!, 'settled', ...why)).rejects.toMatchObject({ code: 'invalid_request' })
  expect(await run('end', small, first!, 'settled', ...why, '--evidence', 'B1/DBIT/1')).toMatchObject({ code: 0 })
  expect(await w.payouts.wait(small, { timeoutMs: 15_000 })).toMatchObject({ status: 'settled', evidence: { id: 'B1/DBIT/1' } })
  expect(await run('end', large, second!, 'failed', ...why)).toMatchObject({
    code: 3,
    text: expect.stringContaining('suspense approve sa_'),
  })
})
