import { expect, test } from 'vitest'
import { GatewayError } from '../../errors/gatewayError.ts'
import { newApp } from '../app.ts'
import { answerDurable } from './answerDurable.ts'

/** An app whose only answer reads books that are ahead of the disk, until they are told otherwise. */
async function opened(durable: () => Promise<void> | undefined) {
  const app = newApp({ publicUrl: 'http://localhost' })
  await app.register(async (api) => {
    answerDurable(api, { durable })
    api.get('/balance', async () => ({ units: '5' }))
  })
  return app
}

test('an answer leaves as soon as what it was read of is durable, and not before', async () => {
  const disk = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const app = await opened(() => {
    asked.resolve()
    return disk.promise
  })
  let answered = false
  const answer = app.inject('/balance').then((given) => {
    answered = true
    return given
  })
  await asked.promise
  await new Promise((resolve) => setImmediate(resolve))
  expect(answered).toBe(false)
  disk.resolve()
  expect((await answer).json()).toEqual({ units: '5' })
  await app.close()
})

test('an answer that was read of what nobody knows to be durable is not given', async () => {
  const app = await opened(() => Promise.reject(new GatewayError('outcome_unknown', 'The journal could not be written')))
  const { statusCode, body } = await app.inject('/balance')
  expect([statusCode, JSON.parse(body).code, body.includes('"5"')]).toEqual([503, 'outcome_unknown', false])
  await app.close()
})
