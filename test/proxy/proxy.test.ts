import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ExactEvmScheme } from '@x402/evm'
import { wrapFetchWithPayment, x402Client } from '@x402/fetch'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { askedOf } from '../paidRoute/proofs.ts'
import { openProxyWorld, serve } from './proxyWorld.ts'

const PRICE_UNITS = 2_000n
const JOKE = { path: '/joke', price: '0.002', description: 'A joke' }
const EXAMPLE = new URL('../../examples/proxy/prices.json', import.meta.url)
const PAYER = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'

let world: Awaited<ReturnType<typeof openProxyWorld>>
beforeAll(async () => {
  world = await openProxyWorld()
})
afterAll(() => world?.close())
beforeEach(() => {
  world.lines.length = 0
})

const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code
async function until(so: () => boolean): Promise<void> {
  while (!so()) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** What a path gives when it is sent as it stands, as no client of the web would. */
function sent(url: string, path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    httpRequest({ hostname, port, path, headers }, (answer) => resolve(answer.resume()))
      .once('error', reject)
      .end()
  })
}

test('a folder that Python serves is sold by the file, to @x402/fetch as it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-python-'))
  writeFileSync(join(folder, 'joke'), 'Two sats walk into a channel.')
  writeFileSync(join(folder, 'free'), 'for nothing')
  const python = spawn('python3', ['-u', '-m', 'http.server', '0', '--bind', '127.0.0.1'], { cwd: folder })
  onTestFinished(() => {
    python.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  })
  const port = await new Promise<string>((resolve, reject) => {
    python.once('error', reject)
    python.stdout.on('data', (chunk: Buffer) => {
      const found = /port (\d+)/.exec(chunk.toString())?.[1]
      if (found) resolve(found)
    })
  })
  const url = await world.sell(`http://127.0.0.1:${port}`, { routes: [JOKE, { path: '/free', free: true }] })

  expect(await (await fetch(`${url}/free`)).text()).toBe('for nothing')
  expect((await fetch(`${url}/joke`)).status).toBe(402)
  const client = x402Client.fromConfig({
    schemes: [{ network: 'eip155:*', client: new ExactEvmScheme(privateKeyToAccount(PAYER)) }],
    spendControls: false,
  })
  const answer = await wrapFetchWithPayment(fetch, client)(`${url}/joke`)
  expect([answer.status, await answer.text()]).toEqual([200, 'Two sats walk into a channel.'])
  expect(answer.headers.get('switchyard-receipt')).toMatch(/^rc_/)
  expect((await fetch(`${url}/`)).status).toBe(404)
})

describe('a service', () => {
  const heard: IncomingMessage[] = []
  let ran = 0
  async function echo() {
    heard.length = 0
    ran = 0
    return serve(async (request, response) => {
      ran++
      heard.push(request)
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      response.setHeader('set-cookie', ['a=1', 'b=2'])
      response.setHeader('connection', 'x-hop')
      response.setHeader('x-hop', 'for this line')
      response.end(`${request.method} ${request.url} ${Buffer.concat(chunks).toString()}`)
    })
  }

  test('is paid once for a request, with parameters, wildcards and methods, and repeats its answer', async () => {
    const { url: upstream } = await echo()
    const routes = [
      { path: '/books/:id', methods: ['POST'], price: '0.002' },
      { path: '/books/:id', methods: ['GET'], free: true },
      { path: '/files/*', price: '0.002' },
    ]
    const [url, before] = [await world.sell(`${upstream}/v2`, { routes }), world.earned()]
    const paid = world.pays()
    const post = () => fetch(`${url}/books/7?x=1`, { method: 'POST', headers: paid, body: 'hello' })
    const answers = await Promise.all([post(), post(), post()])
    expect(await Promise.all(answers.map((one) => one.text()))).toEqual(answers.map(() => 'POST /v2/books/7?x=1 hello'))
    expect([ran, world.earned() - before]).toEqual([1, PRICE_UNITS])
    expect(answers.find(({ headers }) => !headers.has('idempotent-replayed'))!.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(await (await fetch(`${url}/books/7`)).text()).toBe('GET /v2/books/7 ')
    expect((await fetch(`${url}/files/a/b`)).status).toBe(402)
    const other = await fetch(`${url}/books/7`, { method: 'DELETE' })
    expect([other.status, ((await other.json()) as { detail: string }).detail]).toEqual([404, 'This path is sold for GET, POST alone'])
  })

  test('sees neither what pays nor what is for one line, and who asks', async () => {
    const { url: upstream } = await echo()
    const url = await world.sell(upstream, { routes: [JOKE] })
    const extra = { cookie: 'c=1', 'x-http-method-override': 'DELETE', 'x-forwarded-for': '1.2.3.4', te: 'trailers' }
    const answer = await fetch(`${url}/joke`, { headers: { ...world.pays(), ...extra } })
    expect([answer.status, answer.headers.has('x-hop')]).toEqual([200, false])
    const { headers } = heard[0]!
    expect(headers).toMatchObject({ cookie: 'c=1', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': new URL(url).host })
    expect(headers.host).toBe(new URL(upstream).host)
    for (const name of ['authorization', 'x-http-method-override', 'te']) expect(headers).not.toHaveProperty(name)
  })

  test.each([
    '/free/../joke',
    '/free/%2e%2e/joke',
    '/free/..%2fjoke',
    '/free/..;/joke',
    '/joke;x=1',
    '/%256aoke',
    '/books%2f7',
    'http://x/joke',
    '/joke%00',
    '/%zz',
  ])('is not reached by %s, which could be read as what has a price', async (path) => {
    const { url: upstream } = await echo()
    const url = await world.sell(upstream, { routes: [JOKE, { path: '/books/:id', price: '0.002' }, { path: '/*', free: true }] })
    expect((await sent(url, path)).statusCode).toBe(400)
    expect(ran).toBe(0)
  })

  test.each(['/JOKE', '/joke/', '//joke', '/%6aoke', '/joke?free'])('is asked for its price at %s too', async (path) => {
    const { url: upstream } = await echo()
    const url = await world.sell(upstream, { routes: [JOKE, { path: '/*', free: true }] })
    expect((await sent(url, path)).statusCode).toBe(402)
    expect(ran).toBe(0)
  })

  test('gets a body as it comes, and its own answer goes as it comes', async () => {
    const { url: upstream } = await serve((request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      request.pipe(response)
    })
    const url = new URL('/joke', await world.sell(upstream, { routes: [JOKE] }))
    const { promise, resolve } = Promise.withResolvers<IncomingMessage>()
    const asked = httpRequest(url, { method: 'POST', headers: { ...world.pays(), 'transfer-encoding': 'chunked' } }, resolve)
    asked.write('one ')
    const answer = await promise
    expect(answer.headers['switchyard-receipt']).toMatch(/^rc_/)
    const parts = answer.setEncoding('utf8')[Symbol.asyncIterator]()
    expect((await parts.next()).value).toBe('one ')
    asked.end('two')
    expect((await parts.next()).value).toBe('two')
  })

  test('may break off: what was held is dropped, and the money is back', async () => {
    const { url: upstream } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 10 })
      response.write('half')
      setImmediate(() => response.destroy())
    })
    const [url, before] = [await world.sell(upstream, { routes: [JOKE, { path: '/free', free: true }] }), world.earned()]
    const answer = await fetch(`${url}/joke`, { headers: world.pays() })
    expect([answer.status, await codeOf(answer), world.earned() - before]).toEqual([502, 'upstream_unreachable', 0n])
    await expect(fetch(`${url}/free`).then((free) => free.text())).rejects.toThrow()
  })

  test('may be down: 502, and the money is back', async () => {
    const { url: upstream, stop } = await echo()
    const [url, before] = [await world.sell(upstream, { routes: [JOKE, { path: '/free', free: true }] }), world.earned()]
    await stop()
    const paid = world.pays()
    const answer = await fetch(`${url}/joke`, { headers: paid })
    expect([answer.status, await codeOf(answer), world.earned() - before]).toEqual([502, 'upstream_unreachable', 0n])
    expect((await fetch(`${url}/joke`, { headers: paid })).headers.get('idempotent-replayed')).toBe('true')
    expect((await fetch(`${url}/free`)).status).toBe(502)
    expect(world.lines.join()).toMatch(/does not answer: ECONNREFUSED/)
  })

  test('may be slower than its route says: 502, and the money is back', async () => {
    const { url: upstream } = await serve(() => {})
    const [url, before] = [await world.sell(upstream, { routes: [{ ...JOKE, answerWithinS: 1 }] }), world.earned()]
    const answer = await fetch(`${url}/joke`, { headers: world.pays() })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(world.earned() - before).toBe(0n)
  })

  test('finishes work that was paid when its payer has gone, who then gets the answer', async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
    const { promise: goOn, resolve: go } = Promise.withResolvers<void>()
    const { url: upstream } = await serve(async (_, response) => {
      begin()
      await goOn
      response.end('worth it')
    })
    const url = await world.sell(upstream, { routes: [JOKE] })
    const [paid, gone] = [world.pays(), new AbortController()]
    const first = fetch(`${url}/joke`, { headers: paid, signal: gone.signal })
    await begun
    gone.abort()
    await expect(first).rejects.toThrow()
    go()
    const again = await fetch(`${url}/joke`, { headers: paid })
    expect([again.status, await again.text(), again.headers.get('idempotent-replayed')]).toEqual([200, 'worth it', 'true'])
  })

  test('keeps lines of WebSocket open on free paths, and sells none', async () => {
    const { url: upstream, server } = await serve((_, response) => response.end('plain'))
    const sockets = new WebSocketServer({ server })
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`heard ${data}`)))
    const url = await world.sell(upstream, { routes: [JOKE, { path: '/live', free: true }] })
    const socket = new WebSocket(`${url.replace('http', 'ws')}/live`)
    const said = await new Promise((resolve, reject) => {
      socket.on('error', reject)
      socket.on('open', () => socket.send('hello'))
      socket.on('message', (data) => resolve(String(data)))
    })
    socket.terminate()
    expect(said).toBe('heard hello')
    const refused = await new Promise<string>((resolve, reject) => {
      const raw = connect(Number(new URL(url).port), '127.0.0.1')
      let text = ''
      raw.on('data', (chunk) => {
        text += chunk
      })
      raw.on('end', () => resolve(text)).on('error', reject)
      raw.write('GET /joke HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    })
    expect(refused).toMatch(/^HTTP\/1\.1 400 .*Send it as a request of HTTP without Upgrade/s)
    sockets.close()
  })
})

describe('the file of prices', () => {
  test('is read again when it changes, and one with mistakes is refused with all of them', async () => {
    const { url: upstream } = await serve((_, response) => response.end('done'))
    const url = await world.sell(upstream, { routes: [JOKE] })
    const asked = async () => ((await (await fetch(`${url}/joke`)).json()) as { price?: { amount: string } }).price?.amount
    expect(await asked()).toBe('0.002')
    world.price({ routes: [{ ...JOKE, prise: '1', price: '0,3' }] })
    await until(() => world.lines.some((line) => line.includes('the prices stay')))
    expect(world.lines.join()).toMatch(/routes\.0\.price.*dollars as a text.*routes\.0\.prise is not a setting/s)
    expect(await asked()).toBe('0.002')
    world.price({
      routes: [
        { ...JOKE, price: '0.03' },
        { path: '/more', free: true },
      ],
    })
    await until(() => world.lines.some((line) => line.includes('is read again: 2 routes')))
    expect(await asked()).toBe('0.03')
    expect(await (await fetch(`${url}/more`)).text()).toBe('done')
  })

  test('sells passes: a token for many requests, counted or for a time', async () => {
    const { url: upstream } = await serve((request, response) => response.end(request.url))
    const routes = [
      { ...JOKE, path: '/books/:id', pass: { uses: 3 } },
      { ...JOKE, path: '/all/*', pass: { forMs: 60_000, price: '0.01' } },
    ]
    const [url, before] = [await world.sell(upstream, { routes }), world.earned()]
    const tokenFor = async (path: string) => {
      const asked = await fetch(`${url}${path}`)
      const headers = {
        'www-authenticate': asked.headers.get('www-authenticate')!.split(/, (?=Payment |L402 )/),
        'payment-required': asked.headers.get('payment-required'),
      }
      const { macaroon, invoice } = askedOf({ headers })
      return { authorization: `L402 ${macaroon}:${world.paid(invoice)}` }
    }
    const [three, all] = [await tokenFor('/books/1'), await tokenFor('/all/a')]
    const get = (path: string, headers: Record<string, string>) => fetch(`${url}${path}`, { headers })
    for (const path of ['/books/1', '/books/1', '/books/2?page=3']) expect(await (await get(path, three)).text()).toBe(path)
    expect(await codeOf(await get('/books/1', three))).toBe('token_spent')
    for (const path of ['/all/a', '/all/b/c', '/all/a']) {
      const answer = await get(path, all)
      expect([await answer.text(), answer.headers.get('switchyard-receipt')]).toEqual([path, expect.stringMatching(/^rc_/)])
    }
    expect(world.earned() - before).toBe(16_000n)
  })

  test('of the example is one, which sells books and gives its first page for nothing', async () => {
    const { url: upstream } = await serve((request, response) => response.end(request.url))
    const url = await world.sell(upstream, JSON.parse(readFileSync(EXAMPLE, 'utf8')))
    expect(await (await fetch(url)).text()).toBe('/')
    expect((await fetch(`${url}/books/1`)).status).toBe(402)
    expect(await (await fetch(`${url}/books/1`, { headers: world.pays() })).text()).toBe('/books/1')
  })

  test.each([
    [[{ ...JOKE, pass: { uses: 1_000_000_000 } }], /routes\.0 \(\/joke\): The pass of a route is of 1000000000 uses/],
    [[{ path: '/free', free: true, pass: { uses: 2 } }], /A pass is not for what is free/],
    [[{ ...JOKE, pass: { budget: 'much' } }], /routes\.0\.pass\.budget.*dollars as a text/],
    [[JOKE, { path: '/JOKE/', free: true }], /routes\.1\.path sells GET \/JOKE\/, as routes\.0 does.*Remove one/],
    [
      [
        { path: '/b/:id', price: '1' },
        { path: '/b/:name', methods: ['POST'], price: '2' },
      ],
      /routes\.1\.path sells POST \/b\/:name, as routes\.0/,
    ],
    [[{ path: '/x' }], /routes\.0 \(\/x\) has no price.*"free": true/],
    [[{ path: '/x', price: '1', free: true }], /has a price and is free/],
    [[{ path: 'x', price: '1' }], /a path such as/],
    [[{ path: '/a/*/b', price: '1' }], /Wildcard must be the last/],
    [[{ path: '/x', price: '0' }], /dollars as a text/],
    [[{ path: '/x', price: '1', payee: 'pa_1', split: 'sp_1' }], /for a split and for a payee/],
    [[], /at least 1/],
  ])('with %j stops the start', async (routes, words) => {
    await expect(world.sell('http://127.0.0.1:9', { routes })).rejects.toThrow(words)
  })
})

describe('a gateway', () => {
  test('that is away sells nothing: 503 with Retry-After, and the service is not asked', async () => {
    let ran = 0
    const { url: upstream } = await serve((_, response) => response.end(`${++ran}`))
    const url = await world.sell(upstream, { routes: [JOKE], gateway: 'http://127.0.0.1:9' })
    const answers = [await fetch(`${url}/joke`), await fetch(`${url}/joke`, { headers: world.pays() })]
    expect(answers.map(({ status, headers }) => [status, headers.has('retry-after')])).toEqual([
      [503, true],
      [503, true],
    ])
    expect(ran).toBe(0)
  })

  test('that does not know the key is said to the seller, with what to change', async () => {
    const { url: upstream } = await serve((_, response) => response.end('never'))
    const url = await world.sell(upstream, { routes: [JOKE], key: 'sk_the_key_of_nobody' })
    const answer = await fetch(`${url}/joke`)
    expect([answer.status, answer.headers.has('retry-after'), await codeOf(answer)]).toEqual([503, true, 'seller_misconfigured'])
    expect(world.lines.join()).toMatch(/API key of a party/)
  })
})

describe('the documents of what a file of prices sells', () => {
  const BOOKS = { path: '/books/:id', methods: ['GET', 'POST'], price: '0.01', description: 'A book', example: { body: { n: 1 } } }
  const HIDDEN = { path: '/hidden', price: '0.01', listed: false }

  test('name each route with its price, and neither those that are free nor those that are kept out', async () => {
    const { url: upstream } = await serve((_, response) => void response.end('the service'))
    const url = await world.sell(upstream, { routes: [JOKE, BOOKS, HIDDEN, { path: '/*', free: true }] })
    const { paths, servers } = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: Record<string, object>; servers: unknown }
    expect(servers).toEqual([{ url }])
    expect(Object.entries(paths).map(([path, methods]) => [path, Object.keys(methods)])).toEqual([
      ['/joke', ['get']],
      ['/books/{id}', ['get', 'post']],
    ])
    const llms = await (await fetch(`${url}/llms.txt`)).text()
    expect(llms).toContain(`- POST ${url}/books/:id: 0.01 USD. A book`)
    expect(llms).not.toContain('hidden')
    expect(await (await fetch(`${url}/other`)).text()).toBe('the service')
  })

  test('are the service’s own where the file names their path', async () => {
    const { url: upstream } = await serve((_, response) => void response.end('its own words'))
    const url = await world.sell(upstream, { routes: [JOKE, { path: '/llms.txt', free: true }] })
    expect(await (await fetch(`${url}/llms.txt`)).text()).toBe('its own words')
    expect(await (await fetch(`${url}/.well-known/x402`)).json()).toMatchObject({ resources: [`${url}/joke`] })
  })

  test('change with the file', async () => {
    const { url: upstream } = await serve((_, response) => void response.end('the service'))
    const url = await world.sell(upstream, { routes: [JOKE] })
    expect(await (await fetch(`${url}/llms.txt`)).text()).toContain('0.002 USD')
    world.price({ name: 'Jokes', routes: [{ ...JOKE, price: '0.003' }] })
    await until(() => world.lines.some((line) => line.includes('is read again')))
    let text = ''
    while (!text.includes('0.003 USD')) {
      text = await (await fetch(`${url}/llms.txt`)).text()
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(text).toContain('# Jokes')
  })

  test('find an indexer the way to call each route in its 402', async () => {
    const { url: upstream } = await serve((_, response) => void response.end('the service'))
    const url = await world.sell(upstream, { routes: [BOOKS, HIDDEN] })
    const extensionsOf = async (path: string, init: RequestInit = {}) => {
      const { headers } = await fetch(`${url}${path}`, init)
      return JSON.parse(Buffer.from(headers.get('payment-required')!, 'base64').toString()).extensions
    }
    expect((await extensionsOf('/books/7', { method: 'POST' })).bazaar.info.input).toMatchObject({ method: 'POST', body: { n: 1 } })
    expect(await extensionsOf('/hidden')).not.toHaveProperty('bazaar')
  })
})
