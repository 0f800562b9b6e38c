import { validate } from 'mppx/discovery'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { addApi, newApp } from '../../gateway/api/app.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { type GatewayOnChain, startGateway } from './gatewayOnChain.ts'
import { type QuietChain, startQuietChain } from './quietChain.ts'

let chain: QuietChain
let yard: GatewayOnChain
beforeAll(async () => {
  chain = await startQuietChain()
  yard = await startGateway(chain, { depth: 0 })
}, 120_000)
afterAll(async () => {
  await yard?.close()
  await chain?.stop()
})

test('the description of the API has the prices of the routes that the gateway sells, and no route that is kept out', async () => {
  const app = newApp({ publicUrl: 'http://localhost' })
  onTestFinished(() => app.close())
  await addApi(app, yard.gateway())
  const sold = { price: parseAmount('0.002', USD), payee: 'pa_nobody_yet' }
  await app.register(async (scope) => {
    paidRoutes(scope, yard.gateway(), { publicUrl: () => 'http://localhost' })
    scope.get('/jokes/:id', { config: { ...sold, description: 'A joke' } }, async () => 'a joke')
    scope.post('/render', { config: { ...sold, example: { body: { text: 'two sats' } } } }, async () => 'a picture')
    scope.post('/anything', { config: sold }, async () => 'something')
    scope.post('/secret', { config: { ...sold, listed: false } }, async () => 'a secret')
  })
  const get = (url: string) => app.inject({ url, headers: { host: 'localhost' } })
  const document = (await get('/openapi.json')).json()
  expect(validate(document)).toEqual([])
  expect(document.paths).toHaveProperty('/v1/payment_intents')
  expect(document.paths).not.toHaveProperty('/secret')
  expect(document.paths['/render'].post.requestBody).toMatchObject({ content: { 'application/json': { example: { text: 'two sats' } } } })
  expect(document.paths['/anything'].post.requestBody).toEqual({ required: false, content: { '*/*': {} } })
  const { get: joke } = document.paths['/jokes/{id}']
  expect(joke).toMatchObject({ summary: 'A joke', security: [], 'x-payment-info': { pricingMode: 'fixed', price: '0.002' } })
  expect(joke.responses).toHaveProperty('402')
  expect((await get('/llms.txt')).body).toContain('/jokes/:id: 0.002 USD. A joke')
  expect((await get('/.well-known/x402')).json()).toMatchObject({
    kind: 'resource-server',
    resources: ['http://localhost/render', 'http://localhost/anything'],
  })
})
