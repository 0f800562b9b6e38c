import { localState } from '../../world/localState.ts'
import { WrongWords } from './verb.ts'

type Named = Readonly<{ url?: string | undefined; key?: string | undefined }>

/** The gateway that is meant, and the key to ask it with: the local network's where none is named. Its key is never sent to another gateway. */
export function whichGateway({ url, key }: Named): Readonly<{ url: string; key: string }> {
  if (url === undefined) {
    const local = localState()
    return { url: local.url, key: key ?? local.key }
  }
  if (key === undefined) throw new WrongWords('--url needs --key')
  return { url, key }
}
