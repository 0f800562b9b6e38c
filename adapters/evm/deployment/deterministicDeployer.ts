import { concat, getCreate2Address, stringToHex } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'

// The deterministic deployment proxy (github.com/Arachnid/deterministic-deployment-proxy): 69 bytes that run CREATE2 with the first 32 bytes of
// their input as salt and the rest as init code. It was published by a transaction that nobody holds the key of: r and s are chosen, and the
// signer follows from them. So the proxy stands at one address on every chain, whoever pays for it.
export const DEPLOYER: Hex = '0x4e59b44847b379578588920ca78fbf26c0b4956c'
export const DEPLOYER_CODE: Hex =
  '0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3'

/** Signed before EIP-155, so without a chain id: 100,000 gas at 100 gwei, nonce 0. A test recovers its signer from it. */
export const PRESIGNED_TRANSACTION: Hex =
  '0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222'
export const PRESIGNED_BY: Hex = '0x3fab184622dc19b6109349b94811493bf2a45362'
/** Wei per gas that the transaction offers, and what it may cost in all. Neither can be changed. */
export const PRESIGNED_GAS_PRICE = 100_000_000_000n
export const PRESIGNED_COST = 100_000n * PRESIGNED_GAS_PRICE

/** Part of every address. Another salt would be another deployment beside the first. */
const SALT = stringToHex('switchyard', { size: 32 })

/** Where the deployer puts this init code, on any chain (EIP-1014). Lower-case. */
export function deterministicAddress(initCode: Hex): Hex {
  return getCreate2Address({ from: DEPLOYER, salt: SALT, bytecode: initCode }).toLowerCase() as Hex // toLowerCase keeps the form.
}

/** The input to the deployer that puts this init code there. The deployer reverts when something stands there already. */
export function creationInput(initCode: Hex): Hex {
  return concat([SALT, initCode])
}
