import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { getOnce } from './getOnce.ts'
import { openPublicHttp } from './openPublicHttp.ts'

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** A server on loopback that an operator has named, and what it was asked. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`)
    answer(request, response)
  })
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // A TCP server's address is never a string.
  return { host: `127.0.0.1:${port}`, port, asked }
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing was refused',
    (error: { code?: string; shortMessage?: string }) => `${error.code}: ${error.shortMessage}`,
  )

describe('what may not be called', () => {
  const http = openPublicHttp({ lookup: async (name) => [{ address: name === 'mixed.example' ? '10.0.0.7' : '8.8.8.8', family: 4 }] })

  test.each([
    ['http://8.8.8.8/', 'not over https'],
    ['ftp://pay.example/', 'not over https'],
    ['https://user:secret@pay.example/', 'carries a login'],
    ['https://127.0.0.1/', 'not on the public internet'],
    ['https://0x7f.1/', '127.0.0.1 is at 127.0.0.1'],
    ['https://2130706433/', '127.0.0.1 is at 127.0.0.1'],
    ['https://[::1]/', 'is at ::1'],
    ['https://[::ffff:169.254.169.254]/', 'not on the public internet'],
    ['https://169.254.169.254/latest/meta-data/', 'not on the public internet'],
    ['https://localhost/', 'not a public host name'],
    ['https://router/', 'not a public host name'],
    ['https://mixed.example/', 'mixed.example is at an address that is not on the public internet'],
  ])('%s is refused before anything is sent', async (url, why) => {
    const said = await refusal(http.get(new URL(url)))
    expect(said).toContain('destination_forbidden')
    expect(said).toContain(why)
  })

  test('a name with one private address among public ones is refused', async () => {
    const both = [
      { address: '8.8.8.8', family: 4 },
      { address: 'fd00::1', family: 6 },
    ]
    const mixed = openPublicHttp({ lookup: async () => both })
    expect(await refusal(mixed.get(new URL('https://pay.example/')))).toContain(
      'destination_forbidden: pay.example is at an address that is not on the public internet',
    )
  })

  test('a host that the operator named is called on its port only', async () => {
    const { host, port, asked } = await serve((_, response) => response.end('{}'))
    const named = openPublicHttp({ localHosts: [host] })
    expect(await named.get(new URL(`http://${host}/a`))).toMatchObject({ status: 200, body: '{}' })
    expect(await refusal(named.get(new URL(`http://127.0.0.1:${port + 1}/a`)))).toContain('destination_forbidden')
    expect(asked).toEqual([`${host} /a`])
  })
})

describe('a server that misbehaves', () => {
  test('is not followed from a host that may be called to a private one', async () => {
    const inner = await serve((_, response) => response.end('the inside'))
    const outer = await serve((_, response) => response.writeHead(302, { location: `http://${inner.host}/admin` }).end())
    const said = await refusal(openPublicHttp({ localHosts: [outer.host] }).get(new URL(`http://${outer.host}/`)))
    expect(said).toContain('destination_forbidden')
    expect(inner.asked).toEqual([])
    const secure = await serve((_, response) => response.writeHead(307, { location: 'https://169.254.169.254/' }).end())
    expect(await refusal(openPublicHttp({ localHosts: [secure.host] }).get(new URL(`http://${secure.host}/`)))).toContain('169.254.169.254')
  })

  test('is followed so far and no further', async () => {
    const { host, asked } = await serve((_, response) => response.writeHead(302, { location: '/again' }).end())
    const said = await refusal(openPublicHttp({ localHosts: [host], redirectsMax: 2 }).get(new URL(`http://${host}/`)))
    expect(said).toContain('destination_unreachable')
    expect(asked).toHaveLength(3)
  })

  test('is cut off when it sends a hundred megabytes, long before they are sent', async () => {
    let sent = 0
    const { host } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
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
    const said = await refusal(openPublicHttp({ localHosts: [host] }).get(new URL(`http://${host}/`)))
    expect(said).toContain('more than 16384 bytes')
    expect(sent).toBeLessThan(50)
  })

  test('is given up when it is silent, and when it drips', async () => {
    const silent = await serve(() => undefined)
    const quick = { deadlineMs: 60 }
    expect(await refusal(openPublicHttp({ localHosts: [silent.host], ...quick }).get(new URL(`http://${silent.host}/`)))).toContain(
      'in time',
    )
    let timer: NodeJS.Timeout | undefined
    const dripping = await serve((_, response) => {
      response.writeHead(200)
      timer = setInterval(() => response.write(' '), 10)
    })
    try {
      const said = await refusal(openPublicHttp({ localHosts: [dripping.host], ...quick }).get(new URL(`http://${dripping.host}/`)))
      expect(said).toContain('in time')
    } finally {
      clearInterval(timer)
    }
  })

  test('is given up when its name does not resolve in time', async () => {
    const http = openPublicHttp({ deadlineMs: 40, lookup: () => new Promise(() => undefined) })
    expect(await refusal(http.get(new URL('https://pay.example/')))).toContain('pay.example did not answer in time')
  })

  test('is cut off when it changes to another protocol, which nobody asked for', async () => {
    const { host } = await serve(({ socket }) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n')
    })
    expect(await refusal(openPublicHttp({ localHosts: [host] }).get(new URL(`http://${host}/`)))).toContain('another protocol')
  })

  test('is refused when it compresses what was not asked to be compressed', async () => {
    const { host } = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'))
    expect(await refusal(openPublicHttp({ localHosts: [host] }).get(new URL(`http://${host}/`)))).toContain('encoding gzip')
  })
})

test('what was judged is what is connected to, whatever the name means by then', async () => {
  const { port, asked } = await serve((_, response) => response.end('pinned'))
  const url = new URL(`http://moves.example:${port}/x`)
  const addresses = [{ address: '127.0.0.1', family: 4 }]
  const answer = await getOnce(url, { addresses, signal: AbortSignal.timeout(5_000), bytesMax: 100 })
  expect(answer.body).toBe('pinned')
  expect(asked).toEqual([`moves.example:${port} /x`])
})
