import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { localState } from '../../world/localState.ts'
import { openProxy } from '../proxy/openProxy.ts'
import { listenAt } from './listen.ts'
import { WrongWords } from './wrongWords.ts'

type Options = Readonly<{
  upstream: string
  prices: string
  gateway?: string | undefined
  keyFile?: string | undefined
  host: string
  port: string
  publicUrl?: string | undefined
  json?: boolean | undefined
}>

const KEY = 'SWITCHYARD_KEY'

/** Sells what a service does until it is told to end. */
export async function runProxy(o: Options): Promise<number> {
  const say = (event: object, line: string) => console.log(o.json ? JSON.stringify(event) : line)
  const proxy = openProxy({
    upstream: upstreamOf(o.upstream),
    prices: o.prices,
    ...gatewayOf(o),
    publicUrl: o.publicUrl,
    log: (line) => console.error(o.json ? JSON.stringify({ line }) : line),
  })
  const place = { host: o.host, port: portOf(o.port) }
  await listenAt(place, () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    proxy.server.once('error', reject)
    proxy.server.listen(place.port, place.host, resolve)
    return promise
  })
  // A TCP server's address is never a string.
  const { address, port, family } = proxy.server.address() as AddressInfo
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
  say({ ready: { url } }, `${url} sells what ${o.upstream} does, at the prices of ${o.prices}`)
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  await proxy.close()
  return 0
}

/** The gateway that is named and the key to sell with; without a name the local network, whose demo split then earns what the file gives to nobody. */
function gatewayOf({ gateway, keyFile }: Options): { gateway: string; key: string | undefined; split?: string } {
  const key = keyFile === undefined ? process.env[KEY] : readFileSync(keyFile, 'utf8').trim()
  if (gateway !== undefined) {
    if (key === undefined) throw new WrongWords(`--gateway needs --key-file, or ${KEY} in the environment`)
    return { gateway, key }
  }
  const local = localState()
  return key === undefined ? { gateway: local.url, key: local.key, split: local.split } : { gateway: local.url, key }
}

function upstreamOf(text: string): URL {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.username !== '') {
    throw new GatewayError('invalid_request', `--upstream is "${text}", which is no address of a service`, {
      hint: 'Write it as http://127.0.0.1:8000 or https://api.example.com/v2.',
    })
  }
  return url
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number.parseInt(text, 10) : 65_536 // not money: a port
  if (port > 65_535) throw new WrongWords(`--port is "${text}", which is no port`)
  return port
}
