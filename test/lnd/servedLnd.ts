import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { NODE_ID } from './payingLnd.ts'

/** A certificate of `localhost` for the next hundred years, and its key, which guards nothing. */
export const CERT = `-----BEGIN CERTIFICATE-----
MIIBlDCCATugAwIBAgIUM72PSst4ApQjztpZkdDXWYcn5g0wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjE3MTUwN1oYDzIxMjYxMDI5
MTcxNTA3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQhpI3WVWfyCk5+k/CZus1U6N2UmvlBLXU6SqYu13fVbbQxAzPoFS9M
U6WzKefR6agDoHdlfGqSccQ4AYxkHih1o2kwZzAdBgNVHQ4EFgQUDZDdBeOQ/v0Y
cX9Gd6+9KJmy4AQwHwYDVR0jBBgwFoAUDZDdBeOQ/v0YcX9Gd6+9KJmy4AQwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
RwAwRAIgNC0CEvfSOk1qsFa5gMVzqWR60086fU0jgOYn07Mtx7kCIBpvrqhJxCwV
rooCz7h1sVoVYtt1hOtBgFOi/NU9oGnk
-----END CERTIFICATE-----
`
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgFMQZ4mR/rVtJJ70T
8vlyEkRsPToXBBwAz659RKvBqgmhRANCAAQhpI3WVWfyCk5+k/CZus1U6N2UmvlB
LXU6SqYu13fVbbQxAzPoFS9MU6WzKefR6agDoHdlfGqSccQ4AYxkHih1
-----END PRIVATE KEY-----
`

/** What we use of the gRPC that the client brings along. */
type Call = { request: Record<string, unknown>; emit: (event: 'error', error: object) => void; write: (answer: object) => void }
type Server = {
  addService: (service: object, methods: object) => void
  bindAsync: (address: string, credentials: object, done: (error: Error | null, port: number) => void) => void
  forceShutdown: () => void
}
type Grpc = {
  Server: new () => Server
  ServerCredentials: { createSsl: (roots: null, pairs: object[]) => object }
  loadPackageDefinition: (protos: object) => Record<string, Record<string, { service: object }>>
}

const lightning = createRequire(import.meta.url).resolve('lightning')
const theirs = createRequire(lightning)

/** The services of some of LND's protos, as the client has them. */
function servicesOf(grpc: Grpc, file: string, type: string): Record<string, { service: object }> {
  const { loadSync } = theirs('@grpc/proto-loader') as { loadSync: (path: string, options: object) => object }
  const path = join(dirname(lightning), 'grpc', 'protos', file)
  return grpc.loadPackageDefinition(loadSync(path, { defaults: true, enums: String, keepCase: true, longs: String, oneofs: true }))[type]!
}

/**
 * An LND behind real gRPC and TLS, as far as a payer needs it: it says who it is, hears payments and never ends them, and has no record of any. `heard`
 * counts the payments.
 */
export async function serveLnd() {
  const grpc = theirs('@grpc/grpc-js') as Grpc
  const server = new grpc.Server()
  const node = { heard: 0 }
  const info = {
    identity_pubkey: NODE_ID,
    alias: 'served',
    version: '0.21.2-beta',
    color: '#000000',
    chains: [{ chain: 'bitcoin', network: 'regtest' }],
    block_hash: '00'.repeat(32),
    block_height: 7,
    synced_to_chain: true,
  }
  const answer = (found: object) => (_: Call, done: (error: null, found: object) => void) => done(null, found)
  server.addService(servicesOf(grpc, 'lightning.proto', 'lnrpc').Lightning!.service, {
    GetInfo: answer(info),
    ListChannels: answer({ channels: [] }),
  })
  server.addService(servicesOf(grpc, 'router.proto', 'routerrpc').Router!.service, {
    SendPaymentV2: () => void node.heard++,
    TrackPaymentV2: (call: Call) => call.emit('error', { code: 5, details: "payment isn't initiated" }),
  })
  const pair = { cert_chain: Buffer.from(CERT), private_key: Buffer.from(KEY) }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createSsl(null, [pair]), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  return Object.assign(node, { port: z.number().parse(port), close: () => server.forceShutdown() })
}
