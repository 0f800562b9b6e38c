import { isAbsolute, join } from 'node:path'

export type Network = 'local' | 'testnet' | 'mainnet'

/**
 * A configuration for people to go on from. Lines of words begin with two slashes, a blank and a capital; settings that are left out with the slashes alone.
 * Paths are relative to where the gateway is started, as `out` is.
 */
export function configText(network: Network, out: string): string {
  const path = (name: string) => JSON.stringify(isAbsolute(out) ? join(out, name) : `./${join(out, name)}`)
  return `{
  // Every setting: docs/configuration.md. A value "$NAME" is read from the environment, or from the file that --secrets names.
  "network": "${network}",
  // The books: back them up, and never let two gateways have the same folder.
  "dataDir": ${path('data')},
  "host": "127.0.0.1",
  "port": 8402,
  // How payers reach it: the https address of a proxy before it.
  //"publicUrl": "https://pay.example.com",
  "operatorKey": "$OPERATOR_KEY",
  "challengeSecret": "$CHALLENGE_SECRET",
${network === 'mainnet' ? LIVE : FIXED}  // What fees may cost you in a day.
  "fees": { "dayUsd": "50" },
${network === 'local' ? localRails(path) : publicRails(network, path)}}
`
}

const FIXED = `  // Dollars for one whole unit. They stay as they stand here; "rates": {} in their place asks exchanges (docs/rates.md).
  "prices": { "BTC": "100000", "EUR": "1.08", "ETH": "3000", "USDC": "1" },
`
const LIVE = `  // Exchanges that are asked for prices (docs/rates.md).
  "rates": { "sources": ["kraken", "coinbase", "bitstamp", "gemini"] },
`

function localRails(path: (name: string) => string): string {
  return `  // An EVM chain on this machine, its token and the contract that was deployed there.
  //"evm": [
  //  {
  //    "chainId": 31337,
  //    "rpcUrls": ["http://127.0.0.1:8545"],
  //    "token": { "address": "0x0000000000000000000000000000000000000001", "name": "USDC", "version": "2", "ledger": 100 },
  //    "hub": "0x0000000000000000000000000000000000000002",
  //    "operatorKey": "$EVM_OPERATOR_KEY",
  //    "finality": { "depth": 1 }
  //  }
  //],
${bank(path, 'The bank: files in this folder. Put what a bank would send into inbox/.')}`
}

function publicRails(network: Network, path: (name: string) => string): string {
  const [chain, usdc, rpc] =
    network === 'testnet'
      ? ['84532', '0x036CbD53842c5426634e7929541eC2318f3dCF7e', 'https://sepolia.base.org']
      : ['8453', '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913', 'https://mainnet.base.org']
  return `  // Lightning: an LND of your own, with a macaroon that can only receive and one that can only pay (docs/lightning.md).
  //"lightning": {
  //  "lnd": {
  //    "socket": "lnd.example.com:10009",
  //    "cert": ${path('lnd/tls.cert')},
  //    "macaroon": { "receive": ${path('lnd/receive.macaroon')}, "pay": ${path('lnd/pay.macaroon')} }
  //  }
  //},
${bank(path, 'The bank: make the folder; its transfer program empties outbox/ and fills inbox/.', '//')}  // Base and its USDC. The hub is put there by npm run deploy, which prints its address and first block; the key needs ether for gas.
  "evm": [
    {
      "chainId": ${chain},
      "rpcUrls": ["${rpc}"],
      "token": { "address": "${usdc}", "name": "${network === 'testnet' ? 'USDC' : 'USD Coin'}", "version": "2", "ledger": 100 },
      "hub": "0x45184f8fA79433236174B165853F276bbAb76a9e",
      "firstBlock": 0,
      "operatorKey": "$EVM_OPERATOR_KEY",
      "finality": { "tag": "safe" },
      "l1DataFee": { "oracle": "0x420000000000000000000000000000000000000F" }
    }
  ]
`
}

function bank(path: (name: string) => string, words: string, slashes = ''): string {
  const account = '{ "iban": "DE89370400440532013000", "name": "Example GmbH", "townName": "Berlin", "country": "DE" }'
  return `  // ${words}
  ${slashes}"bank": {
  ${slashes}  "folder": ${path('bank')},
  ${slashes}  "account": ${account},
  ${slashes}  "feeEur": "0.10"
  ${slashes}}${slashes ? ',' : ''}
`
}
