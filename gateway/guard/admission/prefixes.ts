import { isIPv4, isIPv6 } from 'node:net'

/** `narrow` is one customer's line (IPv4 /32, IPv6 /64), `wide` the network that it can move in (/24, /48). */
type Prefixes = Readonly<{ narrow: string; wide: string }>

/** Whose requests an address's are counted with. What is no address, such as a socket of this machine, is a prefix of its own. */
export function prefixesOf(address: string): Prefixes {
  const plain = address.split('%')[0]!
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1] ?? plain
  if (isIPv4(mapped)) return { narrow: mapped, wide: `${mapped.slice(0, mapped.lastIndexOf('.'))}.0/24` }
  if (!isIPv6(mapped)) return { narrow: address, wide: address }
  const groups = groupsOf(mapped)
  return { narrow: `${groups.slice(0, 4).join(':')}::/64`, wide: `${groups.slice(0, 3).join(':')}::/48` }
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] {
  // The parser of URLs writes every address in one way: lower case, no leading zeros, an IPv4 tail as groups.
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [before = '', after] = written.split('::')
  const [head, tail] = [before, after ?? ''].map((part) => (part === '' ? [] : part.split(':')))
  return after === undefined ? head! : [...head!, ...Array.from({ length: 8 - head!.length - tail!.length }, () => '0'), ...tail!]
}
