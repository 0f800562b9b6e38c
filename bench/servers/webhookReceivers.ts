// Receivers of webhooks: as many servers as the first argument says, each on a port of its own, which read what comes and answer 204. The last of them
// answers nothing when the second argument is `silent`. It says its ports once and ends with the bench.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const [count, mode] = [Number(process.argv[2]), process.argv[3]]

const servers = Array.from({ length: count }, (_, i) =>
  createServer((request, response) => {
    request.resume()
    if (mode !== 'silent' || i < count - 1) request.on('end', () => response.writeHead(204).end())
  }).listen(0, '127.0.0.1'),
)
await Promise.all(servers.map((server) => server.listening || once(server, 'listening')))
process.on('disconnect', () => process.exit(0))
process.send?.({ ports: servers.map((server) => (server.address() as AddressInfo).port) }) // TCP servers.
