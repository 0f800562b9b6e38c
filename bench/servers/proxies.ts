// A service behind a proxy, both in this process: a pipe of node:http that knows no price (`plain`), mppx's proxy on a free path (`mppx`), ours on a free
// path (`ours`). Or the service alone, for a proxy that is no Node program (`service`).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Proxy as MppxProxy, Service } from 'mppx/proxy'
import { openProxy } from '../../app/proxy/openProxy.ts'
import { underBench } from './underBench.ts'

const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
const alone = () => createServer((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}'))
const service = alone()
await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
const upstream = `http://127.0.0.1:${(service.address() as AddressInfo).port}` // It listens on a port.

function plain(): Server {
  const agent = new Agent({ keepAlive: true })
  return createServer((request, response) => {
    const { method = 'GET', headers } = request
    const asked = httpRequest(`${upstream}${request.url}`, { method, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.pipe(response)
    })
    request.pipe(asked)
  })
}

function mppx(): Server {
  const services = [Service.from('bench', { baseUrl: upstream, routes: { 'GET /free': true } })]
  return createServer(MppxProxy.create({ services }).listener)
}

function ours(): Server {
  const prices = join(folder, 'prices.json')
  writeFileSync(prices, JSON.stringify({ routes: [{ path: '/bench/free', free: true }] }))
  return openProxy({ upstream: new URL(upstream), prices, gateway: upstream, key: 'sk_not_asked_for_here', log: () => {} }).server
}

const server = { plain, mppx, ours, service: alone }[process.argv[2] as 'plain' | 'mppx' | 'ours' | 'service']()
underBench(server, {
  async close() {
    service.closeAllConnections()
    service.close()
    rmSync(folder, { recursive: true })
  },
})
