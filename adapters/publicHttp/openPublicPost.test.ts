import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { PublicPost } from '../../gateway/ports/publicHttp.ts'
import { openPublicPost } from './openPublicPost.ts'

const open: Server[] = []
const posts: PublicPost[] = []
afterEach(() => {
  for (const post of posts.splice(0)) post.close()
  for (const server of open.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

function opened(...options: Parameters<typeof openPublicPost>): PublicPost {
  const post = openPublicPost(...options)
  posts.push(post)
  return post
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url} ${Buffer.concat(await request.toArray()).toString()}`)
    answer(request, response)
  })
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // A TCP server's address is never a string.
  return {
    host: `127.0.0.1:${port}`,
    port,
    asked,
    connections: () => new Promise<number>((resolve) => server.getConnections((_, n) => resolve(n))),
  }
}

const HELLO = { headers: { 'content-type': 'application/json' }, body: '{"hello":1}' }
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing was refused',
    (error: { code?: string; shortMessage?: string }) => `${error.code}: ${error.shortMessage}`,
  )

describe('what may not be called', () => {
  const lookup = async (name: string) => [{ address: name === 'inside.example' ? '10.0.0.7' : '8.8.8.8', family: 4 }]

  test.each([
    ['http://8.8.8.8/', 'not over https'],
    ['https://user:secret@pay.example/', 'carries a login'],
    ['https://127.0.0.1/', 'not on the public internet'],
    ['https://2130706433/', '127.0.0.1 is at 127.0.0.1'],
    ['https://[::1]/', 'is at ::1'],
    ['https://[::ffff:169.254.169.254]/', 'not on the public internet'],
    ['https://localhost/', 'not a public host name'],
    ['https://inside.example/', 'inside.example is at an address that is not on the public internet'],
  ])('%s is refused, when it is asked for and when something is sent', async (url, why) => {
    const post = opened({ lookup })
    for (const said of [await refusal(post.check(new URL(url))), await refusal(post.post(new URL(url), HELLO))]) {
      expect(said).toContain('destination_forbidden')
      expect(said).toContain(why)
    }
  })

  test('a name that was public when it was judged, and is private when it is called', async () => {
    const { port, asked } = await serve((_, response) => response.end())
    const answers = ['8.8.8.8', '127.0.0.1']
    const post = opened({ lookup: async () => [{ address: answers.shift() ?? '127.0.0.1', family: 4 }] })
    const url = new URL(`https://moves.example:${port}/`)
    await post.check(url)
    expect(await refusal(post.post(url, HELLO))).toContain('moves.example is at an address that is not on the public internet')
    expect(asked).toEqual([])
  })

  test('a host that is named is called on its port only', async () => {
    const { host, port, asked } = await serve((_, response) => response.end('ok'))
    const post = opened({ localHosts: [host] })
    expect(await post.post(new URL(`http://${host}/a`), HELLO)).toEqual({ status: 200, retryAfter: undefined, body: 'ok' })
    expect(await refusal(post.post(new URL(`http://127.0.0.1:${port + 1}/a`), HELLO))).toContain('destination_forbidden')
    expect(asked).toEqual(['POST /a {"hello":1}'])
  })
})

describe('a receiver', () => {
  test('is kept a connection to, and is not followed where it redirects', async () => {
    const { host, asked, connections } = await serve((request, response) =>
      request.url === '/away' ? response.writeHead(307, { location: '/b', 'retry-after': '7' }).end() : response.end(),
    )
    const post = opened({ localHosts: 'all' })
    expect(await post.post(new URL(`http://${host}/away`), HELLO)).toMatchObject({ status: 307, retryAfter: '7' })
    await post.post(new URL(`http://${host}/b`), HELLO)
    expect(asked).toEqual(['POST /away {"hello":1}', 'POST /b {"hello":1}'])
    expect(await connections()).toBe(1)
  })

  test('that answers with a hundred megabytes is cut off, and its status counts', async () => {
    let sent = 0
    const { host } = await serve((_, response) => {
      const megabyte = Buffer.alloc(1 << 20, 32)
      const more = () => {
        while (sent < 100 && !response.destroyed) {
          sent++
          if (!response.write(megabyte)) return void response.once('drain', more)
        }
        response.end()
      }
      more()
    })
    const { status, body } = await opened({ localHosts: 'all' }).post(new URL(`http://${host}/`), HELLO)
    expect([status, body.length]).toEqual([200, 4_096])
    expect(sent).toBeLessThan(50)
  })

  test('that never reads, is silent or drips is given up', async () => {
    const silent = await serve(() => undefined)
    let timer: NodeJS.Timeout | undefined
    const dripping = await serve((_, response) => {
      response.writeHead(200)
      timer = setInterval(() => response.write(' '), 10)
    })
    const deaf = createServer()
    deaf.on('connection', (socket) => void socket.pause())
    open.push(deaf)
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve))
    const post = opened({ localHosts: 'all', deadlineMs: 60 })
    try {
      for (const host of [silent.host, dripping.host, `127.0.0.1:${(deaf.address() as AddressInfo).port}`])
        expect(await refusal(post.post(new URL(`http://${host}/`), { ...HELLO, body: 'x'.repeat(60_000) }))).toContain(
          'did not answer in time',
        )
    } finally {
      clearInterval(timer)
    }
  })

  test('that changes to another protocol, which nobody asked for, is cut off', async () => {
    const ends: Promise<unknown>[] = []
    const { host } = await serve(({ socket }) => {
      ends.push(new Promise((resolve) => socket.on('close', resolve)))
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n')
    })
    expect(await refusal(opened({ localHosts: 'all' }).post(new URL(`http://${host}/`), HELLO))).toContain('another protocol')
    await Promise.all(ends)
  })

  test('that is not there says why', async () => {
    const { host } = await serve((_, response) => response.end())
    open.pop()?.close()
    expect(await refusal(opened({ localHosts: 'all' }).post(new URL(`http://${host}/`), HELLO))).toContain('ECONNREFUSED')
  })
})
