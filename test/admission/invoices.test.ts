import { expect, test } from 'vitest'
import { newApp } from '../../gateway/api/app.ts'
import type { Faces } from '../../gateway/api/http/faces.ts'
import { lnurlPayRoutes } from '../../gateway/api/walletRoutes/lnurlPay.ts'
import { bootWallet, OWNER, settle } from '../wallet/walletWorld.ts'

async function addressOnline() {
  const now = { ms: 1_800_000_000_000 }
  const { wallet, books } = await bootWallet({ clock: { now: () => now.ms } })
  const wish = { name: 'alice', party: OWNER, description: 'tips', minMsat: 1_000n, maxMsat: 1_000_000n, commentMax: 0, payerData: {} }
  await wallet.addresses.create({ ...wish, success: undefined })
  const app = newApp({ publicUrl: 'http://localhost' })
  // Of the faces a route takes only these.
  await app.register(lnurlPayRoutes({ callers: { publicUrl: 'http://yard.test' }, wallets: { wallet } } as unknown as Faces))
  const ask = async (remoteAddress: string) =>
    (await app.inject({ url: '/lnurl/pay/alice?amount=2000', remoteAddress })).json<{ pr?: string; verify?: string; reason?: string }>()
  return { ask, books, now }
}

test('two hundred anonymous GETs of one network do not close a Lightning Address for others', async () => {
  const { ask } = await addressOnline()
  for (let i = 0; i < 200; i++) await ask(`198.51.100.${i}`)
  expect(await ask('203.0.113.5')).toHaveProperty('pr')
  // Nor do those of many networks, one after the other.
  for (let net = 0; net < 10; net++) for (let i = 0; i < 100; i++) await ask(`10.0.${net}.${i}`)
  expect(await ask('203.0.114.5')).toHaveProperty('pr')
})

test('a network whose invoices are paid can go on', async () => {
  const { ask, books } = await addressOnline()
  let answer = await ask('198.51.100.1')
  const first = answer.verify!.split('/').at(-1)!
  while (answer.pr) answer = await ask('198.51.100.1')
  expect(answer.reason).toMatch(/share/)
  await settle(books, { paymentHash: first, party: OWNER, units: 2_000n })
  expect(await ask('198.51.100.1')).toHaveProperty('pr')
})
