import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { USD } from '../money/asset.ts'
import { money } from '../money/money.ts'
import { holdAnswer } from './holdAnswer.ts'
import { createMeter } from './meter.ts'

// What was written before the gateway has said that an answer goes out is let out as what comes after: no more of it than is told.
const STEP = 10n
const WORD_UNITS = 5n

/** Serves one stream of 20 words by `write`, whose beginning is known after a moment and of which nothing more is told until `take`. */
async function serve(write: (response: ServerResponse, add: () => void) => void) {
  const { meter, tellBy, owes, covered, end } = createMeter({ most: 100n, step: STEP })
  const [begun, taken] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const ends: (string | undefined)[] = []
  const server = createServer((_, response) => {
    holdAnswer(response, async () => {
      await begun.promise
      tellBy(() => taken.promise, money(USD, 0n))
      const over = (text?: string) => {
        end()
        ends.push(text)
      }
      return { kind: 'give', headers: [], flow: { owes, covered, end: over, onCut: () => {} } }
    })
    response.setHeader('content-type', 'text/event-stream')
    write(response, () => void meter.add(money(USD, WORD_UNITS)))
    begun.resolve()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // It listens on a port.
  let text = ''
  get({ port, host: '127.0.0.1' }, (answer: IncomingMessage) => answer.setEncoding('utf8').on('data', (part: string) => (text += part)))
  return { given: () => text, take: taken.resolve, ends }
}

const WORDS = Array.from({ length: 20 }, (_, n) => `${n} `)

test.each([
  ['ends', true],
  ['goes on', false],
])('of a stream that %s nothing goes out of what was written meanwhile and is not told', async (_, isOver) => {
  const { given, take, ends } = await serve((response, add) => {
    for (const word of WORDS) {
      response.write(word)
      add()
    }
    if (isOver) response.end('end')
  })
  await pause(200)
  expect([given(), ends]).toEqual(['', []])
  take()
  const all = `${WORDS.join('')}${isOver ? 'end' : ''}`
  await expect.poll(given).toBe(all)
  if (isOver) expect(ends[0]).toBe(all)
})
