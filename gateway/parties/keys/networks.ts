import { BlockList, isIPv4, isIPv6 } from 'node:net'

const lists = new WeakMap<readonly string[], BlockList>()

/** Whether an address is one of these, or in one of these networks (10.0.0.0/8). */
export function isFrom(networks: readonly string[], address: string): boolean {
  const plain = address.split('%')[0]!
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1] ?? plain
  const family = familyOf(mapped)
  return family !== undefined && listOf(networks).check(mapped, family)
}

/** Whether each of `inner` is written in `outer` too. A network inside another is not looked for: whoever narrows names what there is. */
export function areWithin(inner: readonly string[], outer: readonly string[]): boolean {
  return inner.length > 0 && inner.every((network) => outer.includes(network))
}

function listOf(networks: readonly string[]): BlockList {
  const known = lists.get(networks)
  if (known) return known
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = familyOf(address)
    if (family === undefined) continue
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number.parseInt(bits, 10), family)
  }
  lists.set(networks, list)
  return list
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  if (isIPv4(address)) return 'ipv4'
  return isIPv6(address) ? 'ipv6' : undefined
}
