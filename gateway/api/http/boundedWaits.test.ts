import { once } from 'node:events'
import Fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { boundedWaits } from './boundedWaits.ts'

/** A server whose only route waits, two requests at a time, until it is told or its signal aborts. */
async function waitingServer() {
  const waits = boundedWaits(2)
  const told = Promise.withResolvers<string>()
  const begun: (() => void)[] = []
  const ends: string[] = []
  const app = Fastify()
  app.addHook('preClose', async () => waits.end())
  app.get('/', async (_, reply) =>
    waits.during(reply, async (signal) => {
      begun.shift()?.()
      const stopped = signal.aborted ? 'stopped' : once(signal, 'abort').then(() => 'stopped')
      const end = await Promise.race([told.promise, stopped])
      ends.push(end)
      begun.shift()?.()
      return { end }
    }),
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => app.close())
  /** Resolves at the next beginning or end of a wait. */
  const next = () => new Promise<void>((resolve) => begun.push(resolve))
  return { app, url, told, ends, next }
}

test('a request is answered when what it waits for has come', async () => {
  const { url, told, next } = await waitingServer()
  const begins = next()
  const answer = fetch(url)
  await begins
  told.resolve('it came')
  expect(await (await answer).json()).toEqual({ end: 'it came' })
})

test('one more than may wait is refused, and has its place when another has gone', async () => {
  const { url, told, ends, next } = await waitingServer()
  const leaving = new AbortController()
  for (const signal of [leaving.signal, AbortSignal.timeout(60_000)]) {
    const begins = next()
    fetch(url, { signal }).catch(() => undefined)
    await begins
  }
  expect(await (await fetch(url)).json()).toMatchObject({ code: 'too_busy' })
  const gone = next()
  leaving.abort()
  await gone
  expect(ends).toEqual(['stopped'])
  const begins = next()
  const answer = fetch(url)
  await begins
  told.resolve('it came')
  expect(await (await answer).json()).toEqual({ end: 'it came' })
})

test('a server that stops answers those who wait, as things stand', async () => {
  const { app, url, next } = await waitingServer()
  const begins = next()
  const answer = fetch(url)
  await begins
  await app.close()
  expect(await (await answer).json()).toEqual({ end: 'stopped' })
})
