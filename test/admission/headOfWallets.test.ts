import { expect, test } from 'vitest'
import { newApp } from '../../gateway/api/app.ts'
import type { Faces } from '../../gateway/api/http/faces.ts'
import { lnurlRoutes } from '../../gateway/api/walletRoutes/lnurl.ts'
import { lnurlPayRoutes } from '../../gateway/api/walletRoutes/lnurlPay.ts'

// LNURL has wallets pay, sign and make invoices by GET. Fastify answers HEAD with the handler of GET, and caches and previews send HEAD by themselves.
test.each(['/lnurl/withdraw/:id/pay', '/lnurl/auth', '/lnurl/pay/:name'])('HEAD of %s is no route', async (url) => {
  const app = newApp({ publicUrl: 'http://yard.test' })
  const faces = { callers: { publicUrl: 'http://yard.test' }, wallets: { wallet: {} } } as unknown as Faces
  await app.register(lnurlRoutes(faces))
  await app.register(lnurlPayRoutes(faces))
  await app.ready()
  expect([app.hasRoute({ method: 'GET', url }), app.hasRoute({ method: 'HEAD', url })]).toEqual([true, false])
  await app.close()
})
