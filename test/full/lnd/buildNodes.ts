import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildPrograms, builtPrograms, type GoSet } from '../goPrograms.ts'

/** The programs of a Lightning network, as built here. */
export type NodePrograms = Readonly<{ lnd: string; btcd: string }>

/** What npm's client of LND calls: held invoices, signing and fees are left out of LND unless they are named. */
const LND_TAGS = 'chainrpc invoicesrpc peersrpc signrpc walletrpc'
/** The module says which LND it is; the binary should too, because its own file is not under version control here. */
const LND_VERSION = /lightningnetwork\/lnd (v\S+)/

function nodes(): GoSet<'btcd' | 'lnd'> {
  const [btcd, lnd] = [join(import.meta.dirname, 'btcdModule'), join(import.meta.dirname, 'lndModule')]
  const version = LND_VERSION.exec(readFileSync(join(lnd, 'go.mod'), 'utf8'))?.[1] ?? ''
  const flags = `-s -w -X github.com/lightningnetwork/lnd/build.Commit=${version}`
  return {
    cache: 'lightning-nodes',
    about: 'lnd takes 4 to 10 minutes of a machine with two cores, once',
    builds: {
      btcd: { module: btcd, args: ['-ldflags', '-s -w', 'github.com/btcsuite/btcd'] },
      lnd: { module: lnd, args: ['-tags', LND_TAGS, '-ldflags', flags, 'github.com/lightningnetwork/lnd/cmd/lnd'] },
    },
  }
}

/** The programs from the cache folder, built first when they are not there. `say` gets a line now and then. Throws with what is missing. */
export function buildNodes(say: (line: string) => void = () => {}): Promise<NodePrograms> {
  return buildPrograms(nodes(), say)
}

/** What is in the cache already, or undefined: for what uses the nodes only where they are. */
export function builtNodes(): NodePrograms | undefined {
  return builtPrograms(nodes())
}

// Run by itself it fills the cache, for the step before the tests.
if (process.argv[1] === import.meta.filename) {
  const { lnd } = await buildNodes((line) => console.log(line))
  console.log(`lnd and btcd are in ${dirname(lnd)}`)
}
