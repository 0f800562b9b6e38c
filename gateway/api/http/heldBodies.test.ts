import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { newApp } from '../app.ts'
import { heldBodies, holdingBodies } from './heldBodies.ts'

const bounds = { bytesMax: 100, readMsMax: 20_000, graceMs: 5_000 }

function world() {
  let now = 0
  const bodies = heldBodies(bounds, () => now)
  const cut: string[] = []
  return {
    bodies,
    cut,
    enter: (caller: string) => {
      const body = bodies.enter(caller, () => void cut.push(caller))
      onTestFinished(body.leave)
      return body
    },
    pass(ms: number) {
      now += ms
    },
  }
}

test('bodies that are announced and not sent take no room, however many they are', () => {
  const w = world()
  for (let i = 0; i < 50; i++) w.enter(`slow ${i}`).hold(1)
  const quick = w.enter('quick')
  quick.hold(25)
  quick.read()
  expect([w.bodies.bytes(), w.cut]).toEqual([75, []])
  quick.leave()
  expect(w.bodies.bytes()).toBe(50)
})

test('none has more than stays free, so a few large ones that come quickly leave room for small ones', () => {
  const w = world()
  for (const [caller, least] of Object.entries({ first: 50, second: 25, third: 12, fourth: 6 })) {
    const body = w.enter(caller)
    expect(() => body.hold(least + 1)).toThrow(expect.objectContaining({ code: 'too_busy' }))
    body.hold(least)
  }
  expect([w.bodies.bytes(), w.cut]).toEqual([93, []])
  expect(() => w.enter('small').hold(3)).not.toThrow()
})

test('where there is no room the one that was read longest gives way, once it had its time; one that is whole does not', () => {
  const w = world()
  const whole = w.enter('whole')
  whole.hold(40)
  whole.read()
  const slow = w.enter('slow')
  slow.hold(30)
  w.pass(bounds.graceMs - 1)
  const quick = w.enter('quick')
  expect(() => quick.hold(16)).toThrow(expect.objectContaining({ code: 'too_busy' }))
  w.pass(1)
  quick.hold(16)
  expect([w.cut, w.bodies.bytes()]).toEqual([['slow'], 56])
  slow.leave()
  expect(w.bodies.bytes()).toBe(56)
  w.pass(bounds.readMsMax)
  expect(() => w.enter('late').hold(30)).not.toThrow()
  expect(w.cut).toEqual(['slow', 'quick'])
})

test('a caller has one at a time, and another when that has its answer', () => {
  const w = world()
  const first = w.enter('a')
  expect(() => w.enter('a')).toThrow(expect.objectContaining({ code: 'too_busy' }))
  first.leave()
  expect(() => w.enter('a')).not.toThrow()
})

/** A server that reads such bodies, and a client that sends a body in pieces. */
async function serve(o: Partial<typeof bounds>) {
  const app = newApp()
  const bodies = heldBodies({ ...bounds, bytesMax: 160, ...o })
  const hooks = holdingBodies(bodies, ({ headers }) => String(headers['x-caller']))
  app.get('/never', () => new Promise(() => undefined))
  app.post('/batch', hooks, async ({ body }) => ({ keys: Object.keys(body as object) })) // An object is sent.
  await app.listen({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => app.close())
  const [{ port } = { port: 0 }] = app.addresses() as { port: number }[]
  const open = (caller: string, length: number, behind?: string) => {
    const socket = connect(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    const head = `POST /batch HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nx-caller: ${caller}\r\ncontent-type: application/json\r\n`
    if (behind) socket.write(`GET ${behind} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`)
    socket.write(`${head}content-length: ${length}\r\n\r\n`)
    let text = ''
    const answer = new Promise<string>((resolve) => {
      socket.on('data', (bytes) => {
        text += bytes
        if (text.endsWith('}')) resolve(text)
      })
    })
    return { send: (part: string) => void socket.write(part), answer, end: () => void socket.destroy() }
  }
  return { open, bodies }
}

const JSON_TEXT = `{"a":"${'x'.repeat(60)}"}`

test('nine callers that send slowly keep no tenth out, and are read to their end', async () => {
  const { open, bodies } = await serve({})
  const slow = Array.from({ length: 9 }, (_, i) => open(`slow ${i}`, 9))
  for (const one of slow) one.send('{"a"')
  await expect.poll(bodies.bytes, { timeout: 20_000 }).toBe(36)
  const quick = open('quick', JSON_TEXT.length - 10)
  quick.send(JSON_TEXT.replace('x'.repeat(10), ''))
  expect(await quick.answer).toMatch(/^HTTP\/1.1 200/)
  for (const one of slow) one.send(':"b"}')
  for (const { answer } of slow) expect(await answer).toMatch(/200 OK[\s\S]*\{"keys":\["a"\]\}$/)
})

test('what takes the place of others is cut with a refusal that says when to come again, and so is what is too late', async () => {
  const { open, bodies } = await serve({ graceMs: 0 })
  const slow = open('slow', JSON_TEXT.length)
  slow.send(JSON_TEXT.slice(0, 50))
  await expect.poll(bodies.bytes, { timeout: 20_000 }).toBe(50)
  const quick = open('quick', JSON_TEXT.length)
  quick.send(JSON_TEXT)
  expect(await quick.answer).toMatch(/^HTTP\/1.1 200/)
  expect(await slow.answer).toMatch(/^HTTP\/1.1 429[\s\S]*retry-after: 1\r\n[\s\S]*"too_busy"/)
  const late = await serve({ readMsMax: 50 })
  const never = late.open('never', 9)
  never.send('{"a"')
  expect(await never.answer).toMatch(/^HTTP\/1.1 429[\s\S]*connection: close\r\n[\s\S]*not here within 0.05 s/)
  expect(late.bodies.bytes()).toBe(0)
})

test('a caller that goes away leaves its room', async () => {
  const { open, bodies } = await serve({})
  const gone = open('gone', 90)
  gone.send('{"a"')
  await expect.poll(bodies.bytes, { timeout: 20_000 }).toBe(4)
  gone.end()
  await expect.poll(bodies.bytes, { timeout: 20_000 }).toBe(0)
})

test('what has been answered takes no room, also where the answer waits behind another on its connection', async () => {
  const { open, bodies } = await serve({})
  const behind = open('behind', JSON_TEXT.length, '/never')
  behind.send(JSON_TEXT.slice(0, 40))
  await expect.poll(bodies.bytes, { timeout: 20_000 }).toBe(40)
  behind.send(JSON_TEXT.slice(40))
  await expect.poll(bodies.bytes, { timeout: 20_000 }).toBe(0)
  const next = open('behind', JSON_TEXT.length)
  next.send(JSON_TEXT)
  expect(await next.answer).toMatch(/^HTTP\/1.1 200/)
})
