export { type Permit2WalletOptions, permit2Wallet } from '../../gateway/client/permit2Wallet.ts'
