import { localState } from '../../world/localState.ts'
import { type GatewayCall, gatewayCall } from './gatewayCall.ts'
import { WrongWords } from './wrongWords.ts'

/** Which gateway is meant, and how its answer is printed: the options of every verb that asks one. */
export type Asked = Readonly<{ url?: string | undefined; key?: string | undefined; json?: boolean | undefined }>

/** The gateway that is meant, and the key to ask it with: the local network's where none is named. Its key is never sent to another gateway. */
export function whichGateway({ url, key }: Asked): Readonly<{ url: string; key: string; call: GatewayCall }> {
  if (url === undefined) {
    const local = localState()
    const own = key ?? local.key
    return { url: local.url, key: own, call: gatewayCall(local.url, own) }
  }
  if (key === undefined) throw new WrongWords('--url needs --key')
  return { url, key, call: gatewayCall(url, key) }
}
