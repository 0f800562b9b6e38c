import { expect, test } from 'vitest'
import { dollarsPerBitcoin, usd } from '../money/dollars.ts'
import { memoryStore } from './budget/memoryStore.ts'
import { lightningWallet } from './lightningWallet.ts'
import { createPayer } from './payer.ts'

type Asked = Readonly<{ path: string; token: string; init: RequestInit }>

/** A server of any manners. What it was asked is written down with the token, and `-` where there was none. */
function site(answer: (asked: Asked) => Response) {
  const seen: string[] = []
  async function fetch(url: string, init: RequestInit): Promise<Response> {
    const { pathname: path } = new URL(url)
    const token = /^L402 ([^:]+):/.exec(new Headers(init.headers).get('authorization') ?? '')?.[1] ?? '-'
    seen.push(`${init.method} ${path} ${token.slice(0, 20)}`)
    return answer({ path, token, init })
  }
  return { fetch, seen }
}

function asks(token: string): Response {
  return new Response('', { status: 402, headers: { 'www-authenticate': `L402 macaroon="${token}", invoice="lnbcrt20n1pqqq"` } })
}

/** Sells each of its paths for a token of its own, which opens no other. */
function eachItsOwn({ path, token }: Asked): Response {
  return token === path.slice(1) ? new Response('ok') : asks(path.slice(1))
}

function payerAt({ fetch }: Pick<ReturnType<typeof site>, 'fetch'>, store = memoryStore()) {
  let payments = 0
  const payInvoice = async () => {
    payments++
    return { preimage: '11'.repeat(32) }
  }
  const wallets = [lightningWallet({ payInvoice, rate: () => dollarsPerBitcoin('100000') })]
  const budget = { perRequest: usd('0.01'), perDay: usd('1'), sites: ['shop.example', 'other.example'] }
  const payer = createPayer({ wallets, budget, store, fetch, sleep: async () => {} })
  const read = async (path: string, init?: RequestInit) => {
    const answer = await payer.fetch(new URL(path, 'http://shop.example').href, init)
    await answer.text()
    return answer.status
  }
  return { payer, read, payments: () => payments }
}

const POST = { method: 'POST', body: 'x' }

test('a path that asks for nothing sees no token, whatever was bought beside it', async () => {
  const server = site(({ path, token }) => (path === '/~alice/a' && token === '-' ? asks('alice') : new Response('ok')))
  const { read } = payerAt(server)
  await read('/~alice/a')
  const before = server.seen.length
  for (const path of ['/~bob/free', '/~alice/free', '/~alice/a?q=1']) await read(path)
  await read('/~alice/form', POST)
  expect(server.seen.slice(before)).toEqual(['GET /~bob/free -', 'GET /~alice/free -', 'GET /~alice/a alice', 'POST /~alice/form -'])
})

test('a path of another folder that asks is paid, and sees no token that was bought elsewhere', async () => {
  const server = site(({ path, token }) => (token === '-' ? asks(path.startsWith('/~bob') ? 'bob' : 'alice') : new Response('ok')))
  const { read, payments } = payerAt(server)
  await read('/~alice/a')
  await read('/~bob/a')
  expect([server.seen.slice(2), payments()]).toEqual([['GET /~bob/a -', 'GET /~bob/a bob'], 2])
})

test('a path of the same folder is shown a token once it has asked for one, and from then on at once', async () => {
  const server = site(({ token }) => (token === '-' ? asks('good') : new Response('ok')))
  const { read, payments } = payerAt(server)
  await read('/books/1')
  await read('/books/2', POST)
  await read('/books/2')
  expect([server.seen.slice(2), payments()]).toEqual([['POST /books/2 -', 'POST /books/2 good', 'GET /books/2 good'], 1])
})

test('of many tokens of a folder the newest two are tried before one more is bought', async () => {
  const server = site(eachItsOwn)
  const { read, payments } = payerAt(server)
  for (const path of ['/a', '/b', '/c']) await read(path)
  const before = server.seen.length
  await read('/d')
  expect([server.seen.slice(before), payments()]).toEqual([['GET /d -', 'GET /d c', 'GET /d b', 'GET /d d'], 4])
})

test.each([400, 401, 402, 403])('a token that a GET is refused with %d is paid for anew, once', async (status) => {
  let sold = 0
  const server = site(({ token }) => {
    if (token === '-') return asks(`t${++sold}`)
    return sold === 1 && server.seen.length > 2 ? new Response('', { status }) : new Response('ok')
  })
  const { read, payments } = payerAt(server)
  expect([await read('/a'), await read('/a'), await read('/a'), payments()]).toEqual([200, 200, 200, 2])
})

test.each([
  { status: 400, answers: [200, 400, 200, 200] },
  { status: 401, answers: [200, 200, 200, 200] },
  { status: 402, answers: [200, 200, 200, 200] },
  { status: 403, answers: [200, 403, 200, 200] },
])('what a POST is refused with, $status, is asked again only where nothing was done', async ({ status, answers }) => {
  const server = site(({ token }) => {
    if (token === '-') return asks(`t${server.seen.length}`)
    return token !== 't1' || server.seen.length === 2 ? new Response('ok') : new Response('', { status })
  })
  const { read, payments } = payerAt(server)
  const statuses: number[] = []
  for (let i = 0; i < 4; i++) statuses.push(await read('/order', POST))
  expect([statuses, payments()]).toEqual([answers, 2])
})

test('a POST that a token of its folder did not open is paid for the next time', async () => {
  const server = site(({ path, token }) => {
    if (token === '-') return asks(path.slice(1))
    return token === path.slice(1) ? new Response('ok') : new Response('', { status: 403 })
  })
  const { read, payments } = payerAt(server)
  await read('/a')
  await read('/b')
  expect([await read('/c', POST), await read('/c', POST), await read('/c', POST), payments()]).toEqual([403, 200, 200, 3])
})

test('a wrong request, which a good token is told by 400, does not lose what was bought for it', async () => {
  const server = site(({ token, init }) => {
    if (token === '-') return asks(`t${server.seen.length}`)
    return new Response('', { status: new Headers(init.headers).has('x-wrong') ? 400 : 200 })
  })
  const { read, payments } = payerAt(server)
  expect([await read('/a', { headers: { 'x-wrong': '1' } }), await read('/a'), payments()]).toEqual([400, 200, 1])
})

test('a quote shows no token, so that it opens and orders nothing', async () => {
  const server = site(({ token }) => (token === '-' ? asks('good') : new Response('ordered')))
  const { payer, read } = payerAt(server)
  await read('/order', POST)
  const quote = await payer.quote('http://shop.example/order', POST)
  expect([quote?.bids.map(({ offer }) => offer), server.seen.at(-1)]).toEqual([['l402'], 'POST /order -'])
})

test('a server whose payments are forgotten sees none of its tokens any more, others do', async () => {
  const server = site(({ token }) => (token === '-' ? asks('good') : new Response('ok')))
  const { payer, read, payments } = payerAt(server)
  await read('/a')
  await read('http://other.example/a')
  expect(await payer.forget('http://shop.example/b')).toBe(0)
  await read('http://other.example/a')
  await read('/a')
  expect([server.seen.slice(4), payments()]).toEqual([['GET /a good', 'GET /a -', 'GET /a good'], 3])
})

test('a GET that is led to another path of its server shows the token of that path', async () => {
  const server = site(({ path, token, init }) => {
    if (path === '/far/v1') return token === 'v1' ? new Response('ok') : asks('v1')
    if (init.redirect === 'manual') return new Response(null, { status: 302, headers: { location: '/far/v1' } })
    return Object.defineProperty(asks('v1'), 'url', { value: 'http://shop.example/far/v1' })
  })
  const { read, payments } = payerAt(server)
  expect([await read('/latest'), await read('/latest'), await read('/far/v1'), payments()]).toEqual([200, 200, 200, 1])
})

test('a token as long as a file is not kept', async () => {
  const [store, long] = [memoryStore(), 'x'.repeat(9_000)]
  const { read, payments } = payerAt(
    site(({ token }) => (token === '-' ? asks(long) : new Response('ok'))),
    store,
  )
  await read('/a')
  await read('/a')
  expect([payments(), await store.get('switchyard-client/tokens')]).toEqual([2, undefined])
})

test('a server that sells many tokens does not push out those of others', async () => {
  const { read, payments } = payerAt(site(eachItsOwn))
  await read('http://other.example/good')
  for (let i = 0; i < 256; i++) await read(`/f${i}/a`)
  await read('http://other.example/good')
  expect(payments()).toBe(257)
})

test.each(['{"secret":"L402 abc', '[{"place":1}]', '"x"'])('tokens that can not be read, %s, are none', async (text) => {
  const store = memoryStore()
  await store.set('switchyard-client/tokens', text, undefined)
  const { read, payments } = payerAt(
    site(({ token }) => (token === '-' ? asks('good') : new Response('ok'))),
    store,
  )
  expect([await read('/a'), await read('/a'), payments()]).toEqual([200, 200, 1])
})
