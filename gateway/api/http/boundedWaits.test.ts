import { once } from 'node:events'
import Fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { boundedWaits } from './boundedWaits.ts'

/** A server whose only route waits, so many requests at a time, until it is told or its signal aborts. The path names the caller. */
async function waitingServer(max = 2) {
  const waits = boundedWaits(max)
  const told = Promise.withResolvers<string>()
  const begun: (() => void)[] = []
  const ends: string[] = []
  const app = Fastify()
  app.addHook('preClose', async () => waits.end())
  app.get('/:caller', async ({ url: caller }, reply) =>
    waits.during({ caller, reply }, async (signal) => {
      begun.shift()?.()
      const stopped = signal.aborted ? 'stopped' : once(signal, 'abort').then(() => 'stopped')
      const end = await Promise.race([told.promise, stopped])
      ends.push(end)
      begun.shift()?.()
      return { end }
    }),
  )
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/`
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
  for (const [caller, signal] of Object.entries({ a: leaving.signal, b: AbortSignal.timeout(60_000) })) {
    const begins = next()
    fetch(url + caller, { signal }).catch(() => undefined)
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

test('a caller has no more waits than places stay free, so that others find some', async () => {
  const { url, next } = await waitingServer(4)
  for (const caller of ['a', 'a', 'b']) {
    const begins = next()
    fetch(url + caller).catch(() => undefined)
    await begins
  }
  for (const caller of ['a', 'b']) expect(await (await fetch(url + caller)).json()).toMatchObject({ code: 'too_busy' })
  const begins = next()
  fetch(`${url}c`).catch(() => undefined)
  await begins
})

test('a server that stops answers those who wait, as things stand', async () => {
  const { app, url, next } = await waitingServer()
  const begins = next()
  const answer = fetch(url)
  await begins
  await app.close()
  expect(await (await answer).json()).toEqual({ end: 'stopped' })
})
