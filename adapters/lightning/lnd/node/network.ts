/** The bitcoin networks that offers can name. */
export type Network = 'mainnet' | 'testnet' | 'signet' | 'regtest'

/** Genesis hashes as LND's `chains` names them: in internal byte order or in the order people print, depending on the release. */
const GENESIS: Readonly<Record<string, Network>> = {
  '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f': 'mainnet',
  '000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943': 'testnet',
  '00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043': 'testnet',
  '00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6': 'signet',
  '0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206': 'regtest',
}

/** The network of a node whose one chain is this, or undefined when it is none we know. */
export function networkOf(chains: readonly string[]): Network | undefined {
  const [chain] = chains
  if (chain === undefined || chains.length !== 1) return undefined
  return GENESIS[chain] ?? GENESIS[Buffer.from(chain, 'hex').reverse().toString('hex')]
}
