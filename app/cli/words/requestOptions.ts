import { Option } from '@commander-js/extra-typings'

/** The request that is meant, as curl spells it. */
export const methodOption = new Option('--method <method>', 'the method; without it GET, or POST with --data')
export const headerOption = new Option('--header <header...>', 'a header, as "name: value"; may be given again')
export const dataOption = new Option('--data <text>', 'the body; @FILE reads it from a file')
export const walletOption = new Option('--wallet <file>', 'the wallets and budget, in a file of mode 0600')

/** Where wallets come from: for the help of the verbs that need some. */
export const WALLET_NOTES: readonly string[] = [
  'Wallets are read from --wallet, SWITCHYARD_WALLET or ~/.switchyard/wallet.json, and from SWITCHYARD_EVM_KEY, SWITCHYARD_NWC_URL, SWITCHYARD_LND_URL with SWITCHYARD_LND_MACAROON, SWITCHYARD_BALANCE_URL with SWITCHYARD_BALANCE_KEY; SWITCHYARD_USD_PER_BTC is what a bitcoin counts as. For URLs of this machine a local network that runs from this folder lends its test wallet.',
]
