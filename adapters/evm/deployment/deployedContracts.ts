import { AuthorizationBatch } from '../../../contracts/abi/AuthorizationBatch.ts'
import { PushSplitter } from '../../../contracts/abi/PushSplitter.ts'
import { SettlementHub } from '../../../contracts/abi/SettlementHub.ts'
import { SplitBook } from '../../../contracts/abi/SplitBook.ts'
import { TestUSDC } from '../../../contracts/abi/TestUSDC.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'

/** A contract that is deployed once a chain. `initCode`: its creation code and behind it its encoded constructor arguments, if it takes any. */
export type DeployedContract = Readonly<{ name: string; initCode: Hex; testOnly: boolean }>

/**
 * Every contract that is deployed, in the order of deployment; a new one is one line here. One whose constructor takes the address of another
 * computes it with `deterministicAddress` and stands behind it. What a contract creates by itself, as the hub its receivers, is not named.
 */
export const DEPLOYED_CONTRACTS: readonly DeployedContract[] = [
  { name: 'SettlementHub', initCode: SettlementHub.bytecode, testOnly: false },
  { name: 'PushSplitter', initCode: PushSplitter.bytecode, testOnly: false },
  { name: 'SplitBook', initCode: SplitBook.bytecode, testOnly: false },
  { name: 'AuthorizationBatch', initCode: AuthorizationBatch.bytecode, testOnly: false },
  { name: 'TestUSDC', initCode: TestUSDC.bytecode, testOnly: true },
]

/** What a chain gets. Anyone may mint the test token, so it stands only where its value is nobody's. */
export function contractsFor(o: { testToken: boolean }): readonly DeployedContract[] {
  return DEPLOYED_CONTRACTS.filter(({ testOnly }) => o.testToken || !testOnly)
}
