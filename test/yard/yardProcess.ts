// A process that starts a yard in the folder it is given, tells its parent, and waits to be killed.
import { startYard } from '../../packages/dev/testing.ts'

const { url, key, route, chains } = await startYard({ data: process.argv[2]! })
process.send?.({ url, key, route, rpcUrl: chains[0]!.rpcUrl })
